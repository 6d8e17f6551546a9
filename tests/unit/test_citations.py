from dataclasses import replace
from datetime import UTC, datetime

import pytest

from catalogue.domain.citations import Citation, citation
from schemas.metadata import Accessibility, Description, Summary, Usage

PUBLISHED, READ = datetime(2025, 3, 1, tzinfo=UTC), datetime(2026, 11, 22, tzinfo=UTC)
PLAIN = Description(summary=Summary(title="Births in\n the dales"), version="2.1.0", modified="2024-05-06T00:00:00Z")


def cite(description: Description) -> Citation:
    return citation(
        description,
        custodian="Dale & Fell Trust",
        url="https://catalogue.example/datasets/1",
        catalogue="The Catalogue",
        published_at=PUBLISHED,
        read_at=READ,
    )


def test_a_dataset_is_cited_by_its_address() -> None:
    assert cite(PLAIN).text == (
        "Dale & Fell Trust (2024). Births in the dales (version 2.1.0) [data set]. The Catalogue. "
        "https://catalogue.example/datasets/1 (read 22 November 2026)."
    )


@pytest.mark.parametrize("stated", ["10.5555/b.1", "https://doi.org/10.5555/b.1", "doi:10.5555/b.1", " 10.5555/b.1 "])
def test_a_dataset_with_a_doi_is_cited_by_it(stated: str) -> None:
    cited = cite(replace(PLAIN, summary=replace(PLAIN.summary, doi_name=stated)))
    assert "https://doi.org/10.5555/b.1" in cited.text
    assert "DO  - 10.5555/b.1" in cited.ris
    assert "doi = {10.5555/b.1}" in cited.bibtex


@pytest.mark.parametrize("stated", ["not available", "10.5555", "https://a.example/10.1/x", "10.5/a b", None])
def test_what_is_not_a_doi_is_not_cited(stated: str | None) -> None:
    assert "doi" not in cite(replace(PLAIN, summary=replace(PLAIN.summary, doi_name=stated))).text


def test_bibtex_is_one_entry_whatever_the_title_holds() -> None:
    cited = cite(replace(PLAIN, summary=Summary(title=r"100% of {all} \input{x} & $more_")))
    assert cited.bibtex.startswith("@misc{dalefelltrust-2024-100ofallinputxmore,\n")
    assert r"title = {{100\% of \{all\} \textbackslash{}input\{x\} \& \$more\_}}" in cited.bibtex


def test_ris_has_a_tag_a_line() -> None:
    assert cite(PLAIN).ris.splitlines() == [
        "TY  - DATA",
        "AU  - Dale & Fell Trust",
        "TI  - Births in the dales",
        "PY  - 2024",
        "ET  - 2.1.0",
        "PB  - The Catalogue",
        "UR  - https://catalogue.example/datasets/1",
        "Y2  - 2026/11/22",
        "ER  - ",
    ]


def test_the_year_of_publication_stands_in_and_credit_is_passed_on() -> None:
    usage = Usage(resource_creator=("We thank the wards.",))
    cited = cite(Description(accessibility=Accessibility(usage=usage)))
    assert cited.text.startswith("Dale & Fell Trust (2025). Untitled dataset [data set].")
    assert cited.credit == "We thank the wards."
