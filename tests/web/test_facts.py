"""Facts read from the text: shown for what they are, and confirmed or refused by their custodian."""

import re
from collections.abc import Mapping

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, select

from catalogue.domain.permissions import Role
from catalogue.models import FactState, InferredFact, OutboxMessage
from catalogue.runtime import Runtime
from catalogue.services import dataset_facts, fact_decisions, indexing
from catalogue.services.accounts import HeldRole
from schemas.inference import filling
from schemas.metadata import Coverage, Description, Summary
from tests.people import MEMBER, actor_for, client_of, organisation, person, token_in
from tests.publishing import PUBLISHED, custodian, publish

COHORT = Description(
    summary=Summary(title="Tarn cohort", abstract="We hold <b> 12,500 participants with asthma in Wales.")
)
STATED = Description(
    summary=Summary(title="Stated cohort", abstract="Records of 900 patients.", population_size=7),
    coverage=Coverage(spatial=("England",)),
)
OTHER = Description(summary=Summary(title="Elsewhere", abstract="Records of 640 patients."))


@pytest.fixture
def address(runtime: Runtime) -> str:
    with runtime.sessions() as session:
        found = [publish(session, each) for each in (COHORT, STATED)]
        found.append(publish(session, OTHER, by="Tarn Hospital"))
        dataset_facts.refresh(session, found, at=PUBLISHED)
        session.execute(delete(OutboxMessage))
        session.commit()
        indexing.rebuild(session, runtime.backend)
    return f"/datasets/{found[0]}"


def editor(app: Flask, runtime: Runtime) -> FlaskClient:
    return client_of(app, actor_for(runtime, Role.EDITOR))


def text_of(client: FlaskClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def rows(runtime: Runtime) -> Mapping[tuple[str, str], InferredFact]:
    with runtime.reading_sessions() as session:
        return {(row.path, row.value): row for row in session.scalars(select(InferredFact))}


def claim(runtime: Runtime, name: str) -> None:
    with runtime.sessions() as session:
        custodian(session, name).is_claimed = True
        session.commit()


def press(client: FlaskClient, shown_on: str, **fields: str):
    return client.post("/facts", data={"csrf_token": token_in(text_of(client, shown_on)), **fields})


def test_a_page_shows_what_was_read_with_its_words(client: FlaskClient, address: str) -> None:
    page = text_of(client, address)
    assert page.count("Read from the text</span> not stated, and not confirmed by the custodian") == 3
    assert "12,500, from the abstract: <q>We hold &lt;b&gt; 12,500 participants with asthma in Wales</q>" in page
    assert '<span class="catalogue-fitness__note">Read from the text</span>' in page
    assert 'name="confirm"' not in page
    assert "Inferred from" not in page
    absent = page.partition('id="absent"')[2]
    assert "Dataset population size" not in absent


def test_what_is_stated_is_not_marked(client: FlaskClient, address: str) -> None:
    page = text_of(client, "/search?q=stated")
    assert "7 people" in page
    assert "7 people (read from the text)" not in page


def test_results_and_filters_say_what_was_read(client: FlaskClient, address: str) -> None:
    page = text_of(client, "/search")
    assert "12,500 people (read from the text)" in page
    assert "Wales (read from the text)" in page
    assert re.search(r'href="/search\?read=coverage"[^>]*>1 of these read from the text', page)
    assert re.search(r'href="/search\?read=population"[^>]*>2 of these read from the text', page)
    narrowed = text_of(client, "/search?read=coverage")
    assert "1 dataset with place read from the text" in " ".join(re.sub(r"<[^>]+>", "", narrowed).split())
    assert "of these read from the text" not in narrowed


def test_no_export_says_what_was_read(client: FlaskClient, address: str) -> None:
    for suffix in ("json", "ttl"):
        document = text_of(client, f"{address}.{suffix}")
        assert "12500" not in document
        assert "Respiratory" not in document


def test_the_custodian_confirms_on_the_page(app: Flask, runtime: Runtime, address: str) -> None:
    client = editor(app, runtime)
    fact = rows(runtime)[filling.POPULATION, "12500"]
    assert f'name="confirm" value="{fact.id}"' in text_of(client, address)
    answer = press(client, address, confirm=str(fact.id), dataset=address.rpartition("/")[2])
    assert answer.status_code == 303
    assert answer.location == f"{address}#facts-{fact.id}"
    page = text_of(client, address)
    assert "Read from the text</span> and confirmed by the custodian" in page
    assert "Confirmed</span>" not in page
    kind = rows(runtime)[filling.TYPES, "Health and disease"]
    press(client, address, confirm=str(kind.id))
    assert text_of(client, address).count("Confirmed</span>") == 1
    kept = rows(runtime)[filling.POPULATION, "12500"]
    assert (kept.state, kept.decided_by) == (FactState.CONFIRMED, "editor@people.example")
    with runtime.reading_sessions() as session:
        assert list(session.scalars(select(OutboxMessage.kind))) == ["dataset.index"] * 2


def test_a_refused_fact_is_shown_no_more(app: Flask, runtime: Runtime, address: str) -> None:
    client = editor(app, runtime)
    fact = rows(runtime)[filling.PLACES, "Wales"]
    assert press(client, address, refuse=str(fact.id)).location == "/facts"
    assert "Wales, from the abstract" not in text_of(client, address)
    assert "Wales" in text_of(client, "/facts?show=refused")
    press(client, "/facts?show=refused", reopen=str(fact.id), show="refused")
    assert "Wales, from the abstract" in text_of(client, address)
    assert rows(runtime)[filling.PLACES, "Wales"].decided_at is None


def test_the_list_is_of_the_own_datasets_and_ends_in_one_sitting(app: Flask, runtime: Runtime, address: str) -> None:
    client = editor(app, runtime)
    page = text_of(client, "/facts")
    assert "Waiting (4)" in page
    assert "Elsewhere" not in page
    (numbers,) = re.findall(r'name="confirm" value="(\d+(?: \d+)+)"', page)
    answer = press(client, "/facts", confirm=numbers, show="waiting", page="1")
    assert answer.location == "/facts?show=waiting&page=1"
    assert "Nothing waits for you" in text_of(client, "/facts")
    assert "Confirmed (4)" in text_of(client, "/facts?show=confirmed")


def test_the_list_is_paged(app: Flask, runtime: Runtime, address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fact_decisions, "PER_PAGE", 3)
    client = editor(app, runtime)
    assert text_of(client, "/facts").count('name="refuse"') == 3
    second = text_of(client, "/facts?page=2")
    assert second.count('name="refuse"') == 1
    assert 'rel="prev"' in second
    assert text_of(client, "/facts?page=99").count('name="refuse"') == 1


def test_nobody_decides_for_another_custodian(app: Flask, runtime: Runtime, address: str) -> None:
    client = editor(app, runtime)
    foreign = rows(runtime)[filling.POPULATION, "640"]
    own = rows(runtime)[filling.POPULATION, "12500"]
    assert press(client, address, confirm=f"{own.id} {foreign.id}").status_code == 403
    assert {each.state for each in rows(runtime).values()} == {FactState.WAITING}
    member = person(runtime, "desk@people.example", HeldRole(Role.HANDLER, organisation(runtime, MEMBER)))
    handler = client_of(app, member)
    assert 'name="confirm"' not in text_of(handler, address)
    assert handler.get("/facts").status_code == 403


def test_the_office_decides_for_who_is_unclaimed_and_says_that_it_was_the_office(
    app: Flask, runtime: Runtime, address: str
) -> None:
    office = client_of(app, actor_for(runtime, Role.OFFICE))
    page = text_of(office, "/facts")
    assert "Waiting (5)" in page
    for name, slug in ((MEMBER, "fell-and-dale-trust"), ("Tarn Hospital", "tarn-hospital")):
        assert f'Held by <a class="govuk-link" href="/organisations/{slug}">{name}</a> <span' in page
    assert page.count("Unclaimed custodian") == 2
    assert '<option value="tarn-hospital">Tarn Hospital (1)</option>' in page
    fact = rows(runtime)[filling.POPULATION, "12500"]
    assert f'name="confirm" value="{fact.id}"' in text_of(office, address)
    answer = press(office, "/facts", confirm=str(fact.id), show="waiting", custodian="fell-and-dale-trust", page="1")
    assert answer.location == "/facts?show=waiting&custodian=fell-and-dale-trust&page=1"
    kept = rows(runtime)[filling.POPULATION, "12500"]
    assert (kept.state, kept.decided_by, kept.is_by_office) == (FactState.CONFIRMED, "office@people.example", True)
    page = text_of(app.test_client(), address)
    assert "Read from the text</span> and confirmed by the alliance office" in page
    assert "Confirmed by the alliance office" in page
    press(office, "/facts?show=confirmed", reopen=str(fact.id))
    assert not rows(runtime)[filling.POPULATION, "12500"].is_by_office


def test_the_office_looks_at_one_custodian_at_a_time(app: Flask, runtime: Runtime, address: str) -> None:
    office = client_of(app, actor_for(runtime, Role.OFFICE))
    page = text_of(office, "/facts?custodian=tarn-hospital")
    assert "Waiting (1)" in page
    assert "Tarn cohort" not in page
    assert '<option value="tarn-hospital" selected>Tarn Hospital (1)</option>' in page
    assert 'href="/facts?show=refused&amp;custodian=tarn-hospital"' in page
    (number,) = re.findall(r'name="refuse" value="(\d+)"', page)
    answer = press(office, "/facts", refuse=number, show="waiting", custodian="tarn-hospital")
    page = text_of(office, answer.location)
    assert "Nothing waits for you" in page
    assert "All custodians" in page
    assert "Waiting (4)" in text_of(office, "/facts?custodian=nobody")


def test_what_is_claimed_is_for_its_own_people_alone(app: Flask, runtime: Runtime, address: str) -> None:
    office, own = client_of(app, actor_for(runtime, Role.OFFICE)), editor(app, runtime)
    fact = rows(runtime)[filling.POPULATION, "12500"]
    press(office, "/facts", confirm=str(fact.id))
    claim(runtime, MEMBER)
    page = text_of(office, "/facts")
    assert "Waiting (1)" in page
    assert MEMBER not in page
    assert 'name="confirm"' not in text_of(office, address)
    foreign = rows(runtime)[filling.POPULATION, "640"]
    assert press(office, "/facts", refuse=f"{fact.id} {foreign.id}").status_code == 403
    assert {each.state for each in rows(runtime).values()} == {FactState.WAITING, FactState.CONFIRMED}
    # what the office said stands until its own people say otherwise
    assert "Confirmed (1)" in text_of(own, "/facts?show=confirmed")
    press(own, "/facts?show=confirmed", refuse=str(fact.id))
    kept = rows(runtime)[filling.POPULATION, "12500"]
    assert (kept.state, kept.decided_by, kept.is_by_office) == (FactState.REFUSED, "editor@people.example", False)


@pytest.mark.parametrize("value", ["", "0", "999999999", "9" * 40, "x", "\u0661", "-1"])
def test_a_fact_that_is_not_there_is_not_found(app: Flask, runtime: Runtime, address: str, value: str) -> None:
    assert press(editor(app, runtime), address, confirm=value).status_code == 404


def test_what_the_words_say_no_more_cannot_be_confirmed(app: Flask, runtime: Runtime, address: str) -> None:
    client = editor(app, runtime)
    fact = rows(runtime)[filling.POPULATION, "12500"]
    with runtime.sessions() as session:
        session.get_one(InferredFact, fact.id).is_live = False
        session.commit()
    assert press(client, address, confirm=str(fact.id)).status_code == 404
