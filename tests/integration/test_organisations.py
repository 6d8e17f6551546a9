"""What sources say of a custodian that nobody has claimed, and what follows for its datasets."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from catalogue.cli.workplace import workplace
from catalogue.config import Settings
from catalogue.domain.custodians import CustodianName
from catalogue.domain.errors import Invalid
from catalogue.models import Organisation, OutboxMessage
from catalogue.runtime import Runtime
from catalogue.services import organisations
from schemas.metadata import Organisation as Stated
from tests.databases import opened
from tests.integration.feeds import BEGIN, bench, document


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    with opened(database_url) as made:
        yield made


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    with Session(engine) as made:
        yield made


def waiting(session: Session, kind: str) -> int:
    return len(session.scalars(select(OutboxMessage.key).where(OutboxMessage.kind == kind)).all())


def cleared(session: Session) -> None:
    for message in session.scalars(select(OutboxMessage)):
        session.delete(message)
    session.commit()


def test_datasets_are_indexed_anew_when_their_custodian_joins_an_alliance(
    engine: Engine, session: Session, tmp_path: Path
) -> None:
    bench(engine, tmp_path).harvest(document(1), document(2))
    custodian = session.scalars(select(Organisation).order_by(Organisation.id.desc())).first()
    assert custodian is not None
    cleared(session)
    custodian.is_claimed = False
    organisations.add(session, custodian.name, at=BEGIN, member_of="Hub")
    assert waiting(session, "dataset.index") == 2
    cleared(session)
    custodian.is_claimed = False
    organisations.add(session, custodian.name, at=BEGIN, member_of="Hub")
    assert waiting(session, "dataset.index") == 0


def test_a_name_in_capitals_gives_way_to_the_name_as_people_write_it(session: Session) -> None:
    for name in ("NORTHERN BREATH REGISTER", "Northern Breath Register", "northern breath register"):
        found = organisations.resolve(session, Stated(name=name), CustodianName.parse(name), at=BEGIN)
    assert found.name == "Northern Breath Register"


def test_an_abbreviation_is_no_name_in_capitals(session: Session) -> None:
    for name in ("FDT", "Fdt"):
        found = organisations.resolve(session, Stated(name=name), CustodianName.parse(name), at=BEGIN)
    assert found.name == "FDT"


def test_a_claimed_organisation_is_not_added_again(session: Session) -> None:
    organisations.add(session, "Fell and Dale Trust", at=BEGIN)
    with pytest.raises(Invalid, match="here already"):
        organisations.add(session, "fell and dale trust", at=BEGIN)


def test_other_names_stand_for_custodians_that_are_not_here_yet(
    engine: Engine, session: Session, tmp_path: Path
) -> None:
    aliases = tmp_path / "aliases.txt"
    aliases.write_text("FELL & DALE = Fell and Dale Trust\nThe Harbour = Harbour Trust\n", encoding="utf-8")
    made = bench(engine, tmp_path)
    runtime = Runtime.build(Settings(data_dir=str(tmp_path), custodian_aliases_file=str(aliases)), engine)
    made.place = replace(made.place, aliases=workplace(runtime).aliases)
    names = ("Fell & Dale", "Fell and Dale Trust", "THE HARBOUR")
    documents = [document(number, summary__dataCustodian={"name": name}) for number, name in enumerate(names, 1)]
    made.harvest(*documents, aggregator=True)
    told = session.scalars(select(Organisation.name).order_by(Organisation.id)).all()
    assert told[-2:] == ["Harbour Trust", "Fell and Dale Trust"]
    own = made.harvest(documents[2], source="own").problems
    assert [each for each in own if "publishes for" in each.problem.message] == []
