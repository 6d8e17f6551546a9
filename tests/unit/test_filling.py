from catalogue.domain.filling import fill, without_filled
from schemas.metadata import (
    BasisKind,
    Column,
    Coverage,
    Description,
    Documentation,
    Omics,
    StructuralMetadata,
    Summary,
    Table,
)

TABLES = StructuralMetadata(tables=(Table(name="visits", columns=(Column(name="nhs_number"),)),))


def test_a_missing_section_is_taken_whole_and_says_from_where():
    owner = Description(summary=Summary(title="Visits"))
    filled = fill(owner, [("Hub feed", Description(structural_metadata=TABLES))])
    assert filled.structural_metadata == TABLES
    assert [(basis.path, basis.kind, basis.source) for basis in filled.bases] == [
        ("structuralMetadata", BasisKind.FILLED, "Hub feed")
    ]


def test_what_the_owner_says_is_never_touched():
    owner = Description(summary=Summary(title="Visits"), coverage=Coverage(spatial=("Wales",)))
    other = Description(
        summary=Summary(title="Other title", abstract="Other abstract"),
        coverage=Coverage(spatial=("England",), pathway="All of it"),
    )
    assert fill(owner, [("Hub feed", other)]) == owner


def test_the_first_contribution_that_has_the_section_gives_it():
    first, second = Description(omics=Omics(assay="a")), Description(omics=Omics(assay="b"), structural_metadata=TABLES)
    filled = fill(Description(), [("One", first), ("Two", second)])
    assert filled.omics.assay == "a"
    assert {basis.source for basis in filled.bases} == {"One", "Two"}


def test_taking_the_filled_sections_out_gives_the_owners_words_back():
    owner = Description(summary=Summary(title="Visits"), documentation=Documentation(description="Long."))
    filled = fill(owner, [("Hub feed", Description(structural_metadata=TABLES, omics=Omics(assay="a")))])
    assert filled != owner
    assert without_filled(filled) == owner
