from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update
from sqlalchemy.orm import Session

from catalogue.clock import now
from catalogue.models import Dataset, HarvestProblem, HarvestRun, HarvestSource, RunState, SourceState
from catalogue.web.wording import day
from tests.publishing import custodian, described, publish

DAY = timedelta(days=1)


def source(session: Session, name: str, *, by: str = "Tarn Hospital", **facts: Any) -> HarvestSource:
    defaults = {"url": f"https://tarn.example/{name}?key=hush", "options": {"secret_env": "HARVEST_TARN"}}
    organisation = custodian(session, by)
    made = HarvestSource(
        organisation_id=organisation.id, kind="hdruk", name=name, created_at=now(), **(defaults | facts)
    )
    session.add(made)
    session.flush()
    return made


def run(
    session: Session, of: HarvestSource, state: RunState, *, ago: timedelta, problems: int = 0, **counts: int
) -> None:
    began = now() - ago
    finished = None if state is RunState.RUNNING else began
    made = HarvestRun(
        source_id=of.id, state=state, started_at=began, finished_at=finished, is_complete=True, counts=counts, stages={}
    )
    session.add(made)
    session.flush()
    for number in range(problems):
        session.add(HarvestProblem(run_id=made.id, record=str(number), path="", severity="error", message="x", fix=""))


def page_of(client: FlaskClient, session: Session) -> str:
    session.commit()
    return client.get("/sources").get_data(as_text=True)


def test_sources_are_listed_with_how_fresh_they_are(client: FlaskClient, session: Session) -> None:
    first = source(session, "nightly feed")
    run(session, first, RunState.SUCCEEDED, ago=DAY * 3, seen=1)
    run(session, first, RunState.SUCCEEDED_WITH_PROBLEMS, ago=DAY / 2, problems=4, seen=1204, new=3, held=1)
    identifier = publish(session, described("Lone dataset"), by="Tarn Hospital")
    session.execute(update(Dataset).where(Dataset.identifier == identifier).values(source_id=first.id))
    page = page_of(client, session)
    assert "nightly feed" in page
    assert 'href="/organisations/tarn-hospital"' in page
    assert "With problems" in page
    for fact in ("1,204 records seen", "3 new", "1 held for a decision", "4 problems", "1 dataset"):
        assert f"<span>{fact}</span>" in page
    assert f"{now() - DAY / 2:%H:%M} UTC" in page
    assert "Every day" in page


@pytest.mark.parametrize(
    ("state", "ago", "words"),
    [
        (None, None, "Not harvested yet"),
        (RunState.SUCCEEDED, DAY, "Up to date"),
        (RunState.SUCCEEDED, DAY * 3, "Late"),
        (RunState.FAILED, DAY, "Last harvest failed"),
        (RunState.INTERRUPTED, DAY, "Last harvest was interrupted"),
    ],
)
def test_the_state_of_a_source_is_said(
    client: FlaskClient, session: Session, state: RunState | None, ago: timedelta | None, words: str
) -> None:
    made = source(session, "feed")
    if state and ago:
        run(session, made, state, ago=ago, seen=2)
    page = page_of(client, session)
    assert words in page
    assert page.count("catalogue-tag--good") == (words == "Up to date")


def test_a_run_under_way_is_said_beside_the_last_success(client: FlaskClient, session: Session) -> None:
    made = source(session, "feed")
    run(session, made, RunState.SUCCEEDED, ago=DAY, seen=2)
    run(session, made, RunState.RUNNING, ago=timedelta())
    page = page_of(client, session)
    assert "Being harvested" in page
    assert "Last success" in page


def test_files_and_suspended_sources_have_no_schedule(client: FlaskClient, session: Session) -> None:
    run(session, source(session, "by hand", url="", options={}), RunState.SUCCEEDED, ago=DAY * 90, seen=2)
    source(session, "stopped", state=SourceState.SUSPENDED)
    page = page_of(client, session)
    assert "By hand" in page
    assert "Up to date" in page
    assert "Suspended" in page
    assert "Not scheduled" in page


@pytest.mark.parametrize(
    ("hours", "words"), [(1, "Every hour"), (6, "Every 6 hours"), (168, "Every week"), (48, "Every 2 days")]
)
def test_how_often_is_said_in_words(client: FlaskClient, session: Session, hours: int, words: str) -> None:
    source(session, "feed", every_hours=hours)
    assert words in page_of(client, session)


def test_nothing_that_could_be_a_secret_is_shown(client: FlaskClient, session: Session) -> None:
    source(session, "https://user:pass@tarn.example/feed?key=hush")
    source(session, "<script>alert(1)</script>", options={"secret_file": "tarn.key"})
    source(session, "not approved", state=SourceState.WAITING)
    page = page_of(client, session)
    for hidden in ("hush", "HARVEST_TARN", "tarn.key", "user:pass", "<script>alert", "not approved"):
        assert hidden not in page
    assert "https://tarn.example/feed" in page


def test_a_catalogue_without_sources_says_so(client: FlaskClient) -> None:
    assert "No source has been added yet." in client.get("/sources").get_data(as_text=True)


def test_the_newest_success_is_said_once_for_all(client: FlaskClient, session: Session) -> None:
    for name, ago in (("one", DAY), ("two", DAY * 4)):
        run(session, source(session, name), RunState.SUCCEEDED, ago=ago, seen=1)
    page = page_of(client, session)
    assert "2 sources" in page
    assert "1 late" in page
    assert f"last harvest {day(now() - DAY)}, " in page
