"""Sources: adding and changing them, when they are due, what is shown of them, and looking before harvesting."""

import json
from datetime import timedelta
from typing import Any

import pytest
from pytest_httpserver import HTTPServer
from sqlalchemy import func, select, update

from catalogue.domain.errors import Invalid, NotFound
from catalogue.models import Dataset, HarvestRecord, HarvestRun, HarvestSource, Organisation, RunState, SourceState
from catalogue.services import freshness, sources
from catalogue.services.harvesting import preview
from harvesters.base import Origin
from harvesters.hdruk import HdrukHarvester
from tests.integration.custodian import Custodian
from tests.integration.feeds import BEGIN, Bench, document, name_of

URL = "https://harbour.example/feed.json"


def added(harbour: Bench, url: str = URL, **changes: Any) -> HarvestSource:
    with harbour.session() as session:
        return sources.add(session, organisation="harbour-trust", kind="hdruk", url=url, at=harbour.at, **changes)


def ran(harbour: Bench, source: HarvestSource, state: RunState, *, hours_ago: float) -> None:
    began = harbour.at - timedelta(hours=hours_ago)
    with harbour.session() as session:
        finished = None if state is RunState.RUNNING else began + timedelta(minutes=5)
        run = HarvestRun(
            source_id=source.id, state=state, started_at=began, finished_at=finished, counts={"seen": 3}, stages={}
        )
        session.add(run)
        session.commit()


def due(harbour: Bench) -> list[str]:
    with harbour.session() as session:
        return [each.name for each in sources.due(session, at=harbour.at)]


def test_options_of_the_loop_are_columns_and_the_others_are_the_harvesters(harbour: Bench) -> None:
    options = {
        "every": "6",
        "hold_new": "true",
        "absences_before_withdrawal": "3",
        "withdraw_at_most": "20",
        "withdraw_share": "0.25",
        "datasets": "/datasets",
        "allow_private": "true",
    }
    source = added(harbour, "https://harbour.example/api", options=options)
    assert (source.every_hours, source.holds_new, source.absences_before_withdrawal) == (6, True, 3)
    assert (source.withdraw_at_most, source.withdraw_share) == (20, 0.25)
    assert source.options == {"datasets": "/datasets", "allow_private": "true"}
    assert sources.harvester_of(source).settings["datasets"] == "/datasets"


@pytest.mark.parametrize(
    "options",
    [
        {"every": "0"},
        {"every": "often"},
        {"every": "999999"},
        {"withdraw_share": "2"},
        {"withdraw_at_most": "-1"},
        {"hold_new": "perhaps"},
        {"novel": "x"},
    ],
)
def test_options_that_make_no_sense_are_refused_by_name(harbour: Bench, options: dict[str, str]) -> None:
    with pytest.raises(Invalid) as caught:
        added(harbour, options=options)
    assert [problem.path for problem in caught.value.problems] == list(options)


def test_adding_a_source_again_changes_it(harbour: Bench) -> None:
    first = added(harbour, options={"every": "6"})
    with harbour.session() as session:
        session.execute(update(HarvestSource).values(cursor={"url": URL, "records": 3}))
        session.commit()
    again = added(harbour, is_aggregator=True)
    assert (again.id, again.is_aggregator, again.every_hours) == (first.id, True, 6)
    assert again.cursor is not None
    assert added(harbour, options={"allow_private": "true"}).cursor is None


def test_a_key_in_an_address_is_in_no_name(harbour: Bench) -> None:
    source = added(harbour, f"{URL}?key=hush")
    assert (source.name, source.url) == (URL, f"{URL}?key=hush")
    assert freshness.shown(source.url) == URL
    with pytest.raises(Invalid, match="another source called"):
        added(harbour, f"{URL}?key=other")
    assert added(harbour, f"{URL}?key=other", name="The other feed").id != source.id


def test_names_and_addresses_have_an_end(harbour: Bench) -> None:
    assert len(added(harbour, f"https://harbour.example/{'x' * 1500}").name) == 300
    for changes in ({"name": "x" * 301}, {"url": f"{URL}?{'x' * 2000}"}):
        with pytest.raises(Invalid):
            added(harbour, **changes)


def test_only_an_approved_source_with_an_address_is_run(harbour: Bench) -> None:
    added(harbour)
    waiting = added(harbour, name="Waiting")
    harbour.harvest(document(1))
    with harbour.session() as session:
        sources.get(session, waiting.id).state = SourceState.WAITING
        session.commit()
        assert [each.name for each in sources.runnable(session)] == [URL]


def test_a_source_is_due_by_its_last_finished_run(harbour: Bench) -> None:
    source = added(harbour, options={"every": "24"})
    assert due(harbour) == [URL]
    ran(harbour, source, RunState.SUCCEEDED, hours_ago=30)
    assert due(harbour) == [URL]
    ran(harbour, source, RunState.INTERRUPTED, hours_ago=3)
    ran(harbour, source, RunState.RUNNING, hours_ago=2)
    assert due(harbour) == [URL]
    ran(harbour, source, RunState.FAILED, hours_ago=23)
    assert due(harbour) == []
    harbour.at += timedelta(hours=1)
    assert due(harbour) == [URL]


def test_the_longest_waiting_goes_first(harbour: Bench) -> None:
    for name, hours_ago in (("one", 30), ("two", 60), ("three", 0)):
        source = added(harbour, name=name)
        if hours_ago:
            ran(harbour, source, RunState.SUCCEEDED, hours_ago=hours_ago)
    assert due(harbour) == ["three", "two", "one"]


def test_a_list_says_what_the_last_run_did_and_when_one_succeeded(harbour: Bench) -> None:
    assert harbour.harvest(document(1), document(2, summary__title=None)).problems
    harbour.harvest(text="<html>Sign in</html>")
    added(harbour)
    with harbour.session() as session:
        listed = {each.source.name: each for each in freshness.list_all(session)}
    assert (listed[URL].last_run, listed[URL].problems, listed[URL].succeeded_at) == (None, 0, None)
    feed = listed["feed"]
    assert feed.last_run is not None
    assert (feed.last_run.state, feed.problems) == (RunState.FAILED, 1)
    assert feed.succeeded_at == BEGIN + timedelta(days=1)
    assert feed.organisation.slug == "harbour-trust"


def test_a_source_whose_options_are_of_no_use_any_more_says_so(harbour: Bench) -> None:
    source = added(harbour)
    source.options = {"novel": "x"}
    with pytest.raises(Invalid, match="novel"):
        sources.harvester_of(source)
    source.kind = "carrier-pigeon"
    with pytest.raises(Invalid, match="carrier-pigeon"):
        sources.harvester_of(source)
    source.kind, source.url = "hdruk", ""
    with pytest.raises(Invalid, match="by hand"):
        sources.harvester_of(source)


def counted(harbour: Bench) -> list[int | None]:
    with harbour.session() as session:
        tables = (Dataset, HarvestRecord, HarvestRun, Organisation)
        return [session.scalar(select(func.count()).select_from(table)) for table in tables]


def test_a_preview_says_what_would_become_of_the_first_records_and_keeps_nothing(
    harbour: Bench, httpserver: HTTPServer
) -> None:
    custodian = Custodian(httpserver)
    custodian.describe(*(document(number) for number in range(30)))
    custodian.describe(document(1, summary__title=None), document(2, summary__dataCustodian={"name": "Tern Coast"}))
    source = added(harbour, custodian.url, options={"datasets": "/datasets"}, is_aggregator=True)
    harbour.at += timedelta(days=1)
    before = counted(harbour)
    found = preview(harbour.place, source.id, custodian.harvester(), now=lambda: harbour.at)
    assert counted(harbour) == before
    assert len(found.records) == 20
    assert len(custodian.asked) == 21
    assert (found.is_whole, found.is_usable) == (False, False)
    assert [each.outcome for each in found.records[:3]] == ["new", "invalid", "new"]
    assert found.records[2].custodian == "Tern Coast"
    assert found.records[0].title == "Clinic visits 0"
    assert found.records[1].problems["error"] > 0
    assert json.loads(json.dumps(found.as_json()))["seen"] == 20


def test_a_preview_of_a_harvested_source_looks_again(harbour: Bench) -> None:
    harbour.harvest(document(1), document(2))
    path = harbour.folder / "feed.json"
    path.write_text(json.dumps([document(1), document(2, "Renamed"), document(3)]))
    harvester = HdrukHarvester.from_source(Origin(path=path), {})
    found = preview(harbour.place, 1, harvester, now=lambda: harbour.at)
    assert [(each.record, each.outcome, each.title) for each in found.records] == [
        (name_of(1), "unchanged", "Clinic visits 1"),
        (name_of(2), "changed", "Renamed"),
        (name_of(3), "new", "Clinic visits 3"),
    ]
    assert (found.is_whole, found.is_usable) == (True, True)
    assert harbour.datasets()[name_of(2)].title == "Clinic visits 2"


def test_a_source_that_waits_for_approval_can_be_previewed(harbour: Bench) -> None:
    harbour.harvest(document(1))
    with harbour.session() as session:
        sources.get(session, 1).state = SourceState.WAITING
        session.commit()
    harvester = HdrukHarvester.from_source(Origin(path=harbour.folder / "feed.json"), {})
    assert len(preview(harbour.place, 1, harvester, now=lambda: harbour.at).records) == 1
    with pytest.raises(NotFound):
        preview(harbour.place, 99, harvester, now=lambda: harbour.at)


def test_a_preview_of_nothing_says_why(harbour: Bench) -> None:
    harbour.harvest(document(1))
    path = harbour.folder / "feed.json"
    path.write_text("<html>Sign in</html>")
    found = preview(harbour.place, 1, HdrukHarvester.from_source(Origin(path=path), {}), now=lambda: harbour.at)
    assert (found.records, found.is_usable) == ((), False)
    assert "HTML" in found.problems[0]["message"]
