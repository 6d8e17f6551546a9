"""A source of DCAT in which nothing has changed is not read again, and every change in it is seen."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from pytest_httpserver import HTTPServer
from sqlalchemy import update
from werkzeug import Request, Response

from catalogue.models import DatasetVersion, HarvestRecord
from catalogue.services import sources
from catalogue.services.harvesting import Report, preview, run
from harvesters import dcat, last_run
from harvesters.base import Origin
from harvesters.dcat import DcatHarvester
from harvesters.last_run import LastRun, Seen
from tests.integration.feeds import Bench, outcomes

PREFIXES = """
@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix hydra: <http://www.w3.org/ns/hydra/core#> .
"""


class Portal:
    """Three pages of one dataset each; `asked` are the paths with the answers' statuses."""

    def __init__(self, server: HTTPServer) -> None:
        self.url = server.url_for("/1")
        self.titles = {1: "One", 2: "Two", 3: "Three"}
        self.more, self.with_tags, self.links, self.form = "", True, False, "text/turtle"
        self.edition = "first"
        self.asked: list[tuple[str, int]] = []
        server.expect_request("/1").respond_with_handler(self.answer)
        server.expect_request("/2").respond_with_handler(self.answer)
        server.expect_request("/3").respond_with_handler(self.answer)

    def answer(self, request: Request) -> Response:
        number = int(request.path[1:])
        if number not in self.titles:
            return Response(status=404)
        tag = f'"{self.titles[number]}{self.more}{number + 1 in self.titles}{self.edition}"'
        if self.with_tags and request.headers.get("If-None-Match") == tag:
            response = Response(status=304)
        else:
            about = f'dct:title "{self.titles[number]}" ; dct:publisher [ foaf:name "Harbour Trust" ] {self.more}'
            following = number + 1 if number + 1 in self.titles else None
            hydra = f"<{number}> hydra:next <{following}> ." if following and not self.links else ""
            body = f"{PREFIXES} <https://portal.example/{number}> a dcat:Dataset ; {about} . {hydra}"
            response = Response(body, headers={"Content-Type": self.form, **({"ETag": tag} if self.with_tags else {})})
            if self.links and following:
                response.headers["Link"] = f'</{following}>; rel="next"'
        self.asked.append((request.path, response.status_code))
        return response


@pytest.fixture
def portal(httpserver: HTTPServer) -> Portal:
    return Portal(httpserver)


@pytest.fixture
def reading(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The documents that are parsed."""
    read: list[str] = []
    parse = dcat.read_rdf

    def watched(data: bytes, **words: str) -> object:
        read.append(words["url"])
        return parse(data, **words)

    monkeypatch.setattr(dcat, "read_rdf", watched)
    return read


@pytest.fixture
def harvest(harbour: Bench, portal: Portal) -> Callable[[], dict[str, int]]:
    """Harvest the portal a day later; the outcomes."""
    with harbour.session() as session:
        source = sources.add(
            session,
            organisation="harbour-trust",
            kind="dcat",
            url=portal.url,
            name="portal",
            options={"allow_private": "true"},
            is_aggregator=False,
            at=harbour.at,
        )

    def once() -> dict[str, int]:
        harbour.at += timedelta(days=1)
        harvester = DcatHarvester.from_source(Origin(url=portal.url), {"allow_private": "true"})
        portal.asked.clear()
        return outcomes(run(harbour.place, source.id, harvester, now=lambda: harbour.at))

    return once


def harvest_file(harbour: Bench, path: Path) -> Report:
    harbour.at += timedelta(days=1)
    with harbour.session() as session:
        source = sources.for_file(
            session, organisation="harbour-trust", kind="dcat", name="file", is_aggregator=False, at=harbour.at
        )
    return run(harbour.place, source.id, DcatHarvester.from_source(Origin(path=path), {}), now=lambda: harbour.at)


@pytest.mark.parametrize("with_tags", [True, False])
def test_pages_that_have_not_changed_are_not_read(
    portal: Portal, harvest: Callable[[], dict[str, int]], reading: list[str], with_tags: bool
) -> None:
    portal.with_tags = with_tags
    assert harvest() == {"new": 3}
    reading.clear()
    for _ in range(2):
        assert harvest() == {"unchanged": 3}
        assert portal.asked == [(f"/{number}", 304 if with_tags else 200) for number in (1, 2, 3)]
    assert reading == []


def test_pages_whose_server_renames_them_are_asked_for_by_their_new_names(
    portal: Portal, harvest: Callable[[], dict[str, int]], reading: list[str]
) -> None:
    harvest()
    reading.clear()
    portal.edition = "second"
    for status in (200, 304):
        assert harvest() == {"unchanged": 3}
        assert [found for _, found in portal.asked] == [status] * 3
    assert reading == []


@pytest.mark.parametrize("with_tags", [True, False])
@pytest.mark.parametrize("number", [1, 2, 3])
def test_one_page_that_changed_has_all_of_them_read(
    portal: Portal, harvest: Callable[[], dict[str, int]], with_tags: bool, number: int
) -> None:
    portal.with_tags = with_tags
    harvest()
    portal.titles[number] = "Renamed"
    assert harvest() == {"changed": 1, "unchanged": 2}
    assert {path for path, status in portal.asked if status == 200} == {"/1", "/2", "/3"}
    if not with_tags:
        assert len(portal.asked) == 3, "what was sent already is not asked for again"
    assert harvest() == {"unchanged": 3}


def test_a_dataset_that_goes_is_missing_although_the_other_pages_stay(
    portal: Portal, harvest: Callable[[], dict[str, int]]
) -> None:
    harvest()
    del portal.titles[3]
    assert harvest() == {"unchanged": 2, "missing": 1}
    assert harvest() == {"unchanged": 2, "missing": 1, "withdrawn": 1}
    portal.titles[3] = "Three"
    assert harvest()["changed"] == 1
    assert harvest() == {"unchanged": 3}


def test_a_new_page_that_only_a_header_links_to_is_found(
    portal: Portal, harvest: Callable[[], dict[str, int]], reading: list[str]
) -> None:
    portal.links = True
    del portal.titles[3]
    assert harvest() == {"new": 2}
    reading.clear()
    assert harvest() == {"unchanged": 2}
    assert reading == []
    portal.titles[3] = "Three"
    portal.with_tags = False
    assert harvest() == {"new": 1, "unchanged": 2}


def test_a_page_that_fails_is_told_and_takes_nothing_away(
    portal: Portal, harvest: Callable[[], dict[str, int]], httpserver: HTTPServer
) -> None:
    harvest()
    httpserver.clear()
    httpserver.expect_request("/1").respond_with_handler(portal.answer)
    httpserver.expect_request("/2").respond_with_data("gone", status=404)
    assert harvest() == {"unchanged": 1}
    httpserver.clear()
    portal = Portal(httpserver)
    assert harvest() == {"unchanged": 3}


def test_a_warning_is_told_in_every_run(
    portal: Portal, harvest: Callable[[], dict[str, int]], reading: list[str]
) -> None:
    portal.more = "; dcat:landingPage <https://portal.example/a b>"
    harvest()
    reading.clear()
    harvest()
    assert reading


def test_another_way_of_reading_reads_again(
    portal: Portal, harvest: Callable[[], dict[str, int]], reading: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    harvest()
    reading.clear()
    monkeypatch.setattr(last_run, "REVISION", "a later release")
    assert harvest() == {"unchanged": 3}
    assert len(reading) == 3


def test_files_that_have_not_changed_are_not_read(harbour: Bench, tmp_path: Path, reading: list[str]) -> None:
    folder = tmp_path / "feed"
    folder.mkdir()
    for number in (1, 2):
        about = f'dct:title "T{number}" ; dct:publisher [ foaf:name "Harbour Trust" ]'
        (folder / f"{number}.ttl").write_text(
            f"{PREFIXES} <https://portal.example/{number}> a dcat:Dataset ; {about} ."
        )
    assert outcomes(harvest_file(harbour, folder)) == {"new": 2}
    reading.clear()
    assert outcomes(harvest_file(harbour, folder)) == {"unchanged": 2}
    assert reading == []
    (folder / "2.ttl").write_text((folder / "2.ttl").read_text().replace("T2", "Renamed"))
    assert outcomes(harvest_file(harbour, folder)) == {"unchanged": 1, "changed": 1}
    (folder / "1.ttl").rename(folder / "3.ttl")
    reading.clear()
    assert outcomes(harvest_file(harbour, folder)) == {"unchanged": 2}
    assert len(reading) == 2


def test_a_note_that_cannot_be_used_is_none() -> None:
    noted = LastRun((Seen("https://a.example/1", "d", '"tag"'),), 7).cursor("https://a.example/1")
    assert LastRun.of(noted, "https://a.example/1") == LastRun((Seen("https://a.example/1", "d", '"tag"'),), 7)
    assert LastRun.of(noted, "https://a.example/2") is None
    assert LastRun.of({}, "") is None
    for damaged in (
        {"documents": "[["},
        {"documents": "7"},
        {"documents": "[]"},
        {"documents": "[[1]]"},
        {"total": "?"},
    ):
        assert LastRun.of(noted | damaged, "https://a.example/1") is None
    assert LastRun.of({name: noted[name] for name in ("origin", "revision")}, "https://a.example/1") is None
    assert LastRun((), 0).cursor("") == {}
    assert LastRun((Seen("a", "d"),) * 1_001).cursor("") == {}


def test_dates_still_show_how_the_source_writes_them(harbour: Bench, tmp_path: Path) -> None:
    path = tmp_path / "dates.ttl"
    about = 'dct:publisher [ foaf:name "Harbour Trust" ] ; dct:issued "31/12/2020" ; dct:modified "01/02/2021"'
    path.write_text(f'{PREFIXES} <https://portal.example/1> a dcat:Dataset ; dct:title "T" ; {about} .')
    harvest_file(harbour, path)
    assert outcomes(harvest_file(harbour, path)) == {"unchanged": 1}
    with harbour.session() as session:
        session.execute(update(HarvestRecord).values(fingerprint="of an older reader"))
        session.execute(update(DatasetVersion).values(content_hash="of an older reader"))
        session.commit()
    assert outcomes(harvest_file(harbour, path)) == {"changed": 1}
    (identifier,) = harbour.datasets()
    assert harbour.datasets()[identifier].version_number == 2
    assert harbour.description(identifier).modified == date(2021, 2, 1).isoformat()


def test_what_only_the_whole_feed_shows_of_a_record_is_shown_in_every_preview(harbour: Bench, tmp_path: Path) -> None:
    about = 'dct:identifier "one" ; dct:title "T" ; dct:publisher [ foaf:name "Harbour Trust" ]'
    path = tmp_path / "shared.ttl"
    datasets = [f"<https://portal.example/{number}> a dcat:Dataset ; {about} ." for number in (1, 2)]
    path.write_text(PREFIXES + "".join(datasets))
    harvest_file(harbour, path)
    harvester = DcatHarvester.from_source(Origin(path=path), {})
    first, second = preview(harbour.place, 1, harvester, now=lambda: harbour.at).records
    assert second.problems["error"] == first.problems["error"] + 1
