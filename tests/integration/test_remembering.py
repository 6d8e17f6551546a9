"""What has not changed is not fetched again, and counts in the report all the same."""

import json
from datetime import timedelta
from typing import Any
from unittest.mock import Mock

import pytest
from pytest_httpserver import HTTPServer
from sqlalchemy import update
from werkzeug import Request, Response

from catalogue.models import HarvestRecord, HarvestSource, RunState, SourceState
from catalogue.services import sources
from catalogue.services.harvesting import Report, preview, run
from catalogue.services.harvesting.loop import Loop
from harvesters import hdruk
from harvesters.base import Origin
from harvesters.hdruk import HdrukHarvester
from schemas.validation.json_text import JsonText
from tests.integration.custodian import Custodian
from tests.integration.feeds import Bench, document, name_of, outcomes


@pytest.fixture
def custodian(httpserver: HTTPServer) -> Custodian:
    made = Custodian(httpserver)
    made.describe(*(document(number) for number in range(4)))
    return made


def harvested(harbour: Bench, harvester: HdrukHarvester, **options: Any) -> Report:
    harbour.at += timedelta(days=1)
    with harbour.session() as session:
        url = harvester.origin.url
        source = sources.add(
            session, organisation="harbour-trust", kind="hdruk", url=url, at=harbour.at, options=options
        )
    return run(harbour.place, source.id, harvester, now=lambda: harbour.at)


def asked_for(custodian: Custodian) -> list[str]:
    """The descriptions that the server was asked for since it was asked the last time."""
    found = [path.removeprefix("/datasets/") for path in custodian.asked if path.startswith("/datasets/")]
    custodian.asked.clear()
    return found


def test_only_what_the_list_calls_changed_is_fetched(harbour: Bench, custodian: Custodian) -> None:
    assert outcomes(harvested(harbour, custodian.harvester())) == {"new": 4}
    assert len(asked_for(custodian)) == 4
    report = harvested(harbour, custodian.harvester())
    assert (outcomes(report), report.counts["seen"]) == ({"unchanged": 4}, 4)
    assert asked_for(custodian) == []
    custodian.describe(document(1, "Renamed", modified="2025-03-01T00:00:00Z"))
    assert outcomes(harvested(harbour, custodian.harvester())) == {"unchanged": 3, "changed": 1}
    assert asked_for(custodian) == [name_of(1)]
    assert harbour.datasets()[name_of(1)].title == "Renamed"


def test_a_new_date_of_the_same_description_is_learnt(harbour: Bench, custodian: Custodian) -> None:
    harvested(harbour, custodian.harvester())
    asked_for(custodian)
    custodian.listed[name_of(2)] = {"modified": "2026-01-01T00:00:00Z"}
    assert outcomes(harvested(harbour, custodian.harvester())) == {"unchanged": 4}
    assert asked_for(custodian) == [name_of(2)]
    assert outcomes(harvested(harbour, custodian.harvester())) == {"unchanged": 4}
    assert asked_for(custodian) == []


def test_a_list_that_states_no_version_or_date_is_not_relied_on(harbour: Bench, custodian: Custodian) -> None:
    custodian.listed = {name_of(0): {"version": None}, name_of(1): {"modified": ""}}
    harvested(harbour, custodian.harvester())
    asked_for(custodian)
    harvested(harbour, custodian.harvester())
    assert asked_for(custodian) == [name_of(0), name_of(1)]


def test_everything_is_fetched_on_demand(harbour: Bench, custodian: Custodian) -> None:
    harvested(harbour, custodian.harvester())
    asked_for(custodian)
    harvested(harbour, custodian.harvester(always_fetch="true"))
    assert len(asked_for(custodian)) == 4


def test_a_record_that_was_not_good_is_fetched_again(harbour: Bench, custodian: Custodian) -> None:
    custodian.describe(document(1, summary__title=None))
    assert outcomes(harvested(harbour, custodian.harvester())) == {"new": 3, "invalid": 1}
    asked_for(custodian)
    assert outcomes(harvested(harbour, custodian.harvester())) == {"unchanged": 3, "invalid": 1}
    assert asked_for(custodian) == [name_of(1)]


def test_what_is_remembered_is_read_again_by_a_better_reader(harbour: Bench, custodian: Custodian) -> None:
    harvested(harbour, custodian.harvester())
    asked_for(custodian)
    with harbour.session() as session:
        session.execute(update(HarvestRecord).values(fingerprint="of an older reader"))
        session.commit()
    report = harvested(harbour, custodian.harvester())
    assert outcomes(report) == {"unchanged": 4}
    assert asked_for(custodian) == []
    assert report.stages["records"] > 0


def test_what_is_no_longer_listed_is_missing(harbour: Bench, custodian: Custodian) -> None:
    harvested(harbour, custodian.harvester())
    del custodian.documents[name_of(3)]
    assert outcomes(harvested(harbour, custodian.harvester())) == {"unchanged": 3, "missing": 1}
    report = harvested(harbour, custodian.harvester())
    assert outcomes(report) == {"unchanged": 3, "missing": 1, "withdrawn": 1}


def test_a_description_that_fails_makes_nothing_missing(harbour: Bench, custodian: Custodian) -> None:
    harvested(harbour, custodian.harvester())
    custodian.broken[name_of(3)] = lambda _: Response("gone", 404)
    custodian.listed[name_of(3)] = {"version": "2.0.0"}
    del custodian.documents[name_of(2)]
    for _ in range(3):
        report = harvested(harbour, custodian.harvester())
        assert outcomes(report) == {"unchanged": 2}
        assert report.state is RunState.SUCCEEDED_WITH_PROBLEMS
        assert any(name_of(3) in each.problem.message for each in report.problems)
    assert len(harbour.datasets()) == 4


class Bulk:
    """One file that says when it has not changed."""

    def __init__(self, server: HTTPServer, *documents: dict[str, Any]) -> None:
        self.documents = list(documents)
        self.sent, self.edition, self.links = 0, "first", ""
        self.url = server.url_for("/all.json")
        server.expect_request("/all.json").respond_with_handler(self.answer)

    def answer(self, request: Request) -> Response:
        response = Response(json.dumps(self.documents), content_type="application/json")
        response.set_etag(f"{hash(response.get_data())}-{self.edition}")
        response.make_conditional(request)
        if self.links:
            response.headers["Link"] = self.links
        self.sent += response.status_code == 200
        return response

    def harvester(self) -> HdrukHarvester:
        return HdrukHarvester.from_source(Origin(url=self.url), {"allow_private": "true"})


def test_a_file_that_has_not_changed_is_not_sent_and_still_adds_up(harbour: Bench, httpserver: HTTPServer) -> None:
    bulk = Bulk(httpserver, *(document(number) for number in range(3)))
    assert outcomes(harvested(harbour, bulk.harvester())) == {"new": 3}
    for _ in range(2):
        report = harvested(harbour, bulk.harvester())
        assert (outcomes(report), report.counts["seen"]) == ({"unchanged": 3}, 3)
        assert report.state is RunState.SUCCEEDED
    assert bulk.sent == 1
    bulk.documents[0] = document(0, "Renamed")
    assert outcomes(harvested(harbour, bulk.harvester())) == {"changed": 1, "unchanged": 2}


def test_a_file_that_links_elsewhere_in_a_header_is_not_sent_again(harbour: Bench, httpserver: HTTPServer) -> None:
    """Nothing is taken from there, unlike from pages of DCAT."""
    bulk = Bulk(httpserver, document(1))
    bulk.links = '</style.css>; rel="preload"'
    for outcome in ("new", "unchanged"):
        assert outcomes(harvested(harbour, bulk.harvester())) == {outcome: 1}
    assert bulk.sent == 1


def test_absences_go_on_while_a_file_stays_the_same(harbour: Bench, httpserver: HTTPServer) -> None:
    bulk = Bulk(httpserver, *(document(number) for number in range(3)))
    harvested(harbour, bulk.harvester())
    bulk.documents.pop()
    assert outcomes(harvested(harbour, bulk.harvester())) == {"unchanged": 2, "missing": 1}
    report = harvested(harbour, bulk.harvester())
    assert outcomes(report) == {"unchanged": 2, "missing": 1, "withdrawn": 1}
    assert bulk.sent == 2


def test_a_file_with_problems_is_sent_again(harbour: Bench, httpserver: HTTPServer) -> None:
    bulk = Bulk(httpserver, document(0), document(1, summary__title=None))
    for expected in ({"new": 1, "invalid": 1}, {"unchanged": 1, "invalid": 1}):
        assert outcomes(harvested(harbour, bulk.harvester())) == expected
    assert bulk.sent == 2


def test_a_file_is_sent_again_when_a_record_is_no_longer_at_hand(harbour: Bench, httpserver: HTTPServer) -> None:
    bulk = Bulk(httpserver, document(0), document(1))
    harvested(harbour, bulk.harvester())
    with harbour.session() as session:
        session.execute(
            update(HarvestRecord).where(HarvestRecord.remote_identifier == name_of(1)).values(raw_digest=None)
        )
        session.commit()
    assert outcomes(harvested(harbour, bulk.harvester())) == {"unchanged": 2}
    assert bulk.sent == 2


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """The documents that harvesters take apart."""
    found: list[bytes] = []
    read_json = hdruk.read_json

    def watched(data: bytes) -> JsonText:
        found.append(data)
        return read_json(data)

    monkeypatch.setattr(hdruk, "read_json", watched)
    return found


def test_a_file_that_is_sent_again_unchanged_is_not_read(
    harbour: Bench, httpserver: HTTPServer, read: list[bytes]
) -> None:
    body = json.dumps([document(number) for number in range(3)])
    httpserver.expect_request("/all.json").respond_with_data(body, content_type="application/json")
    source = HdrukHarvester.from_source(Origin(url=httpserver.url_for("/all.json")), {"allow_private": "true"})
    assert outcomes(harvested(harbour, source)) == {"new": 3}
    read.clear()
    assert outcomes(harvested(harbour, source)) == {"unchanged": 3}
    assert read == []


def test_a_file_of_ones_own_that_has_not_changed_is_not_read(harbour: Bench, read: list[bytes]) -> None:
    everything = document(1), document(2, provenance__temporal__startDate="25/04/2020")
    assert outcomes(harbour.harvest(*everything)) == {"new": 2}
    read.clear()
    report = harbour.harvest(*everything, complete=True)
    assert (outcomes(report), report.counts["seen"], report.counts["custodians"]) == ({"unchanged": 2}, 2, 1)
    assert read == []
    assert outcomes(harbour.harvest(*everything[:1], complete=True)) == {"unchanged": 1, "missing": 1}
    assert outcomes(harbour.harvest(*everything[:1], complete=True)) == {"unchanged": 1, "missing": 1, "withdrawn": 1}


def test_kept_bytes_are_read_by_a_better_reader_as_their_source_writes_dates(harbour: Bench, read: list[bytes]) -> None:
    everything = [document(number, provenance__temporal__startDate="03/04/2020") for number in range(3)]
    everything.append(document(3, provenance__temporal__startDate="25/04/2020"))
    harbour.harvest(*everything)
    with harbour.session() as session:
        session.execute(update(HarvestRecord).values(fingerprint="of an older reader"))
        session.commit()
    read.clear()
    assert outcomes(harbour.harvest(*everything)) == {"unchanged": 4}
    assert len(read) == 4
    assert harbour.description(name_of(0)).provenance.temporal.start_date == "2020-04-03"


def test_a_preview_shows_records_that_have_not_changed(harbour: Bench) -> None:
    harbour.harvest(document(1), document(2))
    harvester = HdrukHarvester.from_source(Origin(path=harbour.folder / "feed.json"), {})
    found = preview(harbour.place, 1, harvester, now=lambda: harbour.at)
    assert [(each.title, each.outcome) for each in found.records] == [
        ("Clinic visits 1", "unchanged"),
        ("Clinic visits 2", "unchanged"),
    ]


def test_what_a_killed_run_changed_is_changed_back_by_the_file_before_it(
    harbour: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    harbour.harvest(document(1), document(2))
    with monkeypatch.context() as killed:
        killed.setattr(Loop, "_finish", Mock(side_effect=KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            harbour.harvest(document(1, "Renamed"), document(2))
    assert harbour.datasets()[name_of(1)].title == "Renamed"
    assert outcomes(harbour.harvest(document(1), document(2))) == {"changed": 1, "unchanged": 1}
    assert harbour.datasets()[name_of(1)].title == "Clinic visits 1"


def test_a_server_that_renames_the_same_file_is_asked_by_its_new_name(harbour: Bench, httpserver: HTTPServer) -> None:
    bulk = Bulk(httpserver, document(1))
    harvested(harbour, bulk.harvester())
    bulk.edition = "second"
    for sent in (2, 2):
        assert outcomes(harvested(harbour, bulk.harvester())) == {"unchanged": 1}
        assert bulk.sent == sent


def test_a_source_that_is_suspended_while_it_is_harvested_stays_suspended(harbour: Bench) -> None:
    harbour.harvest(document(1))

    def suspend(_done: int, _all: int) -> None:
        with harbour.session() as session:
            session.get_one(HarvestSource, 1).state = SourceState.SUSPENDED
            session.commit()

    harvester = HdrukHarvester.from_source(Origin(path=harbour.folder / "feed.json"), {})
    run(harbour.place, 1, harvester, now=lambda: harbour.at, progress=suspend)
    with harbour.session() as session:
        assert session.get_one(HarvestSource, 1).state is SourceState.SUSPENDED


def test_a_source_whose_options_change_while_it_is_harvested_is_sent_again(
    harbour: Bench, httpserver: HTTPServer
) -> None:
    bulk = Bulk(httpserver, document(1))
    harvested(harbour, bulk.harvester())
    bulk.documents.append(document(2))

    def change(_done: int, _all: int) -> None:
        with harbour.session() as session:
            session.get_one(HarvestSource, 1).options = {"allow_private": "true"}
            session.commit()

    run(harbour.place, 1, bulk.harvester(), now=lambda: harbour.at, progress=change)
    with harbour.session() as session:
        assert session.get_one(HarvestSource, 1).cursor is None
