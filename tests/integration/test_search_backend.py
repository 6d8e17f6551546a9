"""What every search engine behind the port does; a new one is one more parameter of `backend`."""

from collections.abc import Callable
from pathlib import Path

import pytest

from catalogue.search.backend import FacetTerm, SearchBackend, SearchDocument, SearchQuery, SearchResult
from catalogue.search.whoosh_backend import WhooshBackend


def document(identifier: str, **values: object) -> SearchDocument:
    given = {"revision": "1", "title": f"Dataset {identifier}", "custodian": "Elsewhere Trust", **values}
    return SearchDocument(identifier=identifier, **given)


ADMISSIONS = document(
    "admissions",
    title="Admitted patients of Northland",
    abstract="Hospital admissions and discharges since 1997, with measures of the quality of life afterwards.",
    keywords=("Admission", "Inpatient"),
    columns=(("nhs_number", "Pseudonymised identifier"), ("admiDate", "Day of admission")),
    facets={"keyword": (FacetTerm("admission", "Admission"), FacetTerm("inpatient", "Inpatient"))},
    changed_at=30,
)
HEARTS = document(
    "hearts",
    title="Register of heart attacks",
    custodian="Cardiac Alliance",
    description="Every heart attack treated, with haemoglobin at discharge. Excludes stroke.",
    keywords=("Cardiology", "admission"),
    facets={"keyword": (FacetTerm("cardiology", "Cardiology"), FacetTerm("admission", "admission"))},
    changed_at=20,
)
LUNGS = document("lungs", title="Asthma cohort", abstract="Children with asthma and their life at home.", changed_at=10)
DOCUMENTS = (ADMISSIONS, HEARTS, LUNGS)


@pytest.fixture(params=[WhooshBackend])
def make_backend(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[], SearchBackend]:
    return lambda: request.param(tmp_path / "index")


@pytest.fixture
def backend(make_backend: Callable[[], SearchBackend]) -> SearchBackend:
    made = make_backend()
    made.index_many(DOCUMENTS)
    return made


def found(result: SearchResult) -> list[str]:
    return [hit.identifier for hit in result.hits]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("asthma", ["lungs"]),
        ("ASTHMA children", ["lungs"]),
        ("discharge", ["admissions", "hearts"]),
        ('"quality of life"', ["admissions"]),
        ("nhs_number", ["admissions"]),
        ("admi date", ["admissions"]),
        ("-asthma", ["admissions", "hearts"]),
        ("myocardial infarction", ["hearts"]),
        ("hemoglobin", ["hearts"]),
        ("hosptal admisions", ["admissions"]),
        ('"hosptal admisions"', ["admissions"]),
        ("custodian:cardiac", ["hearts"]),
        ("title:asthma OR title:hearts", ["hearts", "lungs"]),
        ("asth*", ["lungs"]),
    ],
)
def test_words_find_documents(backend: SearchBackend, text: str, expected: list[str]) -> None:
    result = backend.search(SearchQuery(text))
    assert sorted(found(result)) == expected
    assert not result.relaxed
