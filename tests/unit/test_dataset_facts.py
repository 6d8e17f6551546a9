import pytest
from markupsafe import Markup

from catalogue.web import dataset_facts, dataset_sections
from schemas.metadata import (
    AccessBody,
    Basis,
    BasisKind,
    DataService,
    DatasetType,
    Description,
    Distribution,
    Summary,
)
from schemas.vocabularies import field


def test_every_row_is_a_field_of_the_description() -> None:
    paths = [row.path for _, rows in dataset_sections.SECTIONS.values() for row in rows]
    paths += [dataset_facts.path_of(each) for each in dataset_sections.REFERENCES]
    paths += [dataset_facts.path_of(each) for _, each in dataset_sections.OTHERS_EXPECTED]
    assert [path for path in paths if field(path) is None] == []
    assert len(set(paths)) == len(paths) - 1, "only the linkable datasets are both shown as references and missed"


def test_an_empty_description_states_nothing() -> None:
    for _, rows in dataset_sections.SECTIONS.values():
        assert dataset_facts.facts(Description(), rows, {}) == ()


@pytest.mark.parametrize(
    ("basis", "note"),
    [
        (Basis("coverage.spatial[0]", BasisKind.INFERRED, evidence="in Leeds"), "Inferred from “in Leeds”"),
        (Basis("coverage.spatial", BasisKind.FILLED, source="Gateway"), "Filled in from Gateway"),
        (Basis("coverage", BasisKind.FILLED), "Filled in from another source"),
        (Basis("coverage.spatial", BasisKind.CONFIRMED, by="A. Nurse"), "Confirmed by A. Nurse"),
        (Basis("coverage.spatial", BasisKind.STATED), ""),
        (Basis("coverage.pathway", BasisKind.INFERRED), ""),
    ],
)
def test_where_a_fact_comes_from_is_said(basis: Basis, note: str) -> None:
    bases = dataset_facts.bases_by_path(Description(bases=(basis,)))
    assert dataset_facts.basis_note("coverage.spatial", bases) == note


@pytest.mark.parametrize(
    ("shown", "html"),
    [
        (dataset_facts.values(("Serum", "DNA")), "Serum, DNA"),
        (dataset_facts.values(("Cohort, study, trial",)), "Cohort, study, trial"),
        (
            dataset_facts.values(("Cohort, study, trial", "<b>")),
            '<ul class="catalogue-values"><li>Cohort, study, trial</li><li>&lt;b&gt;</li></ul>',
        ),
        (dataset_facts.word("TO BE AGREED LATER"), "To be agreed later"),
        (dataset_facts.moment("2026-11-22"), "22 November 2026"),
        (dataset_facts.count(1234), "1,234"),
        (dataset_facts.yes_or_no(value=False), "No"),
        (dataset_facts.coded("language")(("en", "xx")), "English, xx"),
        (dataset_facts.doi("none yet"), "none yet"),
        (
            dataset_facts.data_types((DatasetType("Imaging types", ("CT", "MRI")), DatasetType("Registry"))),
            '<ul class="catalogue-values"><li>Imaging types: CT, MRI</li><li>Registry</li></ul>',
        ),
    ],
)
def test_values_are_shown_as_people_read_them(shown: Markup, html: str) -> None:
    assert str(shown) == html


def test_links_are_made_where_they_can_be_followed() -> None:
    assert 'href="https://doi.org/10.5555/a"' in dataset_facts.publications(("10.5555/a", "A paper, 2020"))
    shown = dataset_facts.body(AccessBody(name="<Board>", email="board@trust.example", url="javascript:x"))
    assert "&lt;Board&gt;" in shown
    assert 'href="mailto:board@trust.example"' in shown
    assert 'href="javascript' not in shown
    assert "https://a.example/x.csv" in dataset_facts.distributions(
        (Distribution(download_url="https://a.example/x.csv"),)
    )
    assert "https://a.example/api" in dataset_facts.services((DataService(endpoint_url="https://a.example/api"),))


def test_the_facts_of_a_section_keep_their_order() -> None:
    rows = dataset_sections.OVERVIEW
    described = Description(summary=Summary(doi_name="10.5555/a", dataset_aliases=("FDC",)))
    assert [fact.label for fact in dataset_facts.facts(described, rows, {})] == ["Other names", "DOI"]
