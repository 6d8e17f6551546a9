"""Which datasets are like one: a part of the port that every search engine answers."""

from dataclasses import replace
from pathlib import Path

import pytest

from catalogue.search import related
from catalogue.search.backend import Alike, Related, SearchBackend, SearchDocument, Sharing
from catalogue.search.executor import Executor, TermDocuments
from catalogue.search.whoosh_backend import WhooshBackend
from tests.engines import ENGINES, engine


def document(identifier: str, title: str, *, columns: str = "", **values: object) -> SearchDocument:
    named = tuple((name, f"About {name}") for name in columns.split())
    return SearchDocument(identifier, "1", title, "Fell Trust", columns=named, **values)


SEVERE = document(
    "severe",
    "Severe asthma registry",
    abstract="Adults with severe asthma at specialist clinics.",
    keywords=("Asthma", "Biologics"),
    columns="NHS_Number spirometry drug_code sex",
)
MILD = document(
    "mild", "Asthma in adults", keywords=("asthma",), abstract="Adults.", columns="nhs_number spirometry sex"
)
BIOLOGICS = document("biologics", "Biologics for severe asthma", columns="drug_code")
KIDNEYS = document("kidneys", "Kidney transplants", abstract="Waiting lists.", columns="sex")
OTHERS = tuple(document(f"other-{n}", f"Ward letters {n}", columns="sex") for n in range(20))


@pytest.fixture(params=ENGINES)
def backend(request: pytest.FixtureRequest, tmp_path: Path) -> SearchBackend:
    made = engine(request, tmp_path)()
    # In two commits, so that what is alike stands in different parts of the index.
    made.index_many([SEVERE, KIDNEYS, *OTHERS[:10]])
    made.index_many([MILD, BIOLOGICS, *OTHERS[10:]])
    return made


def test_datasets_of_the_same_subject_are_alike_and_say_by_which_words(backend: SearchBackend) -> None:
    assert backend.related("severe").alike == (
        Alike("biologics", ("severe", "asthma", "biologics")),
        Alike("mild", ("asthma", "adults")),
    )
    assert backend.related("kidneys").alike == ()


def test_names_of_columns_in_common_are_counted_in_any_case_the_rarest_first(backend: SearchBackend) -> None:
    sharing = backend.related("severe").sharing
    assert sharing[0] == Sharing("mild", ("NHS_Number", "spirometry", "sex"))
    assert sharing[1] == Sharing("biologics", ("drug_code",))
    assert {each.names for each in sharing[2:]} == {("sex",)}
    assert len(sharing) == 5


def test_equals_are_in_the_order_of_their_identifiers_and_no_more_than_asked_for(backend: SearchBackend) -> None:
    assert [each.identifier for each in backend.related("kidneys", limit=3).sharing] == ["mild", "other-0", "other-1"]
    assert backend.related("kidneys", limit=3) == backend.related("kidneys", limit=3)


def test_what_is_deleted_or_unknown_is_like_nothing(backend: SearchBackend) -> None:
    backend.index_many([replace(BIOLOGICS, title="Clinic rota", columns=())], delete=["mild"])
    found = backend.related("severe")
    assert found.alike == ()
    assert {each.names for each in found.sharing} == {("sex",)}
    assert backend.related("mild") == backend.related("never there") == Related()


def test_a_rebuilt_index_says_the_same(backend: SearchBackend) -> None:
    before = backend.related("severe")
    backend.rebuild([*reversed(OTHERS), BIOLOGICS, KIDNEYS, MILD, SEVERE])
    assert backend.related("severe") == before


def test_the_work_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[bytes] = []
    term = Executor.term

    def counted(self: Executor, wanted: bytes) -> TermDocuments:
        asked.append(wanted)
        return term(self, wanted)

    monkeypatch.setattr(Executor, "term", counted)
    monkeypatch.setattr(related, "MOST_PLACES", 100)
    long = " ".join(f"word{chr(97 + n % 26)}{n}" for n in range(3000))
    columns = " ".join(f"column_{n}" for n in range(900))
    huge = [document(f"huge-{n}", "Huge dataset", abstract=long, columns=columns) for n in range(3)]
    backend = WhooshBackend(tmp_path)
    backend.index_many([*huge, *OTHERS])
    found = backend.related("huge-0")
    assert len(asked) <= related.LOOKED_AT
    assert [each.identifier for each in found.alike] == ["huge-1", "huge-2"]
    assert {len(each.names) for each in found.sharing} == {900}
