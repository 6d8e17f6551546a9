"""What stands in the RDF of a description."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from schemas.crosswalks import dcat
from schemas.crosswalks.dcat_values import moment
from schemas.crosswalks.rdf_graph import Statements, statements
from schemas.crosswalks.rdf_terms import (
    ADMS,
    CSVW,
    DCAT,
    DCT,
    FOAF,
    HEALTH,
    PROV,
    SKOS,
    TIME,
    TYPE,
    VCARD,
    XSD,
    iri,
    literal,
)
from schemas.metadata import (
    Access,
    Accessibility,
    Column,
    Coverage,
    Description,
    Distribution,
    Documentation,
    FormatAndStandards,
    Organisation,
    Provenance,
    Revision,
    StructuralMetadata,
    Summary,
    Table,
    Temporal,
    Usage,
)

ADDRESS = "https://catalogue.example/datasets/1"
ROOT = f"<{ADDRESS}>"
EU = "http://publications.europa.eu/resource/authority/"
ENTRY = dcat.Entry(
    dcat.Publisher("https://catalogue.example/organisations/harbour", "Harbour Trust", "https://ror.org/05abc"),
    datetime(2026, 3, 1, 12, tzinfo=UTC),
    datetime(2026, 4, 1, 12, 30, tzinfo=UTC),
)


def described(**parts: object) -> Description:
    summary = Summary(title="Clinic visits", abstract="Visits.", data_custodian=Organisation(name="Harbour Trust"))
    return replace(Description(identifier="x1", summary=summary), **parts)  # type: ignore[arg-type]


def written(description: Description) -> Statements:
    return statements("\n".join(dcat.write(description, address=ADDRESS, entry=ENTRY).lines))


def access(**facts: object) -> Accessibility:
    return Accessibility(access=Access(**facts))  # type: ignore[arg-type]


def test_a_description_that_is_not_stated_is_stood_in_for_and_missed() -> None:
    writing = dcat.write(described(), address=ADDRESS)
    assert statements("\n".join(writing.lines))[ROOT][DCT.description] == ['"Clinic visits: Visits."']
    assert [each.path for each in writing.missing] == ["documentation.description"]
    stated = described(documentation=Documentation(description="Visits."))
    assert dcat.write(stated, address=ADDRESS).missing == ()


def test_the_publisher_is_the_organisation_of_the_catalogue_with_its_identifier() -> None:
    said = written(described())
    (publisher,) = said[ROOT][DCT.publisher]
    assert said[publisher] == {
        TYPE: [iri(FOAF.Agent)],
        FOAF.name: ['"Harbour Trust"'],
        DCT.identifier: ['"https://ror.org/05abc"'],
    }


def test_the_record_is_dated_by_the_catalogue() -> None:
    record = written(described())[f"<{ADDRESS}#record>"]
    assert record[FOAF.primaryTopic] == [ROOT]
    assert record[DCT.modified] == [literal("2026-04-01T12:30:00+00:00", XSD.dateTime)]


def test_the_theme_is_health() -> None:
    assert written(described())[ROOT][DCAT.theme] == [iri(f"{EU}data-theme/HEAL")]


@pytest.mark.parametrize(
    ("text", "datatype", "written_as"),
    [
        ("2020", XSD.gYear, "2020"),
        ("2020-02", XSD.gYearMonth, "2020-02"),
        ("2020-02-29", XSD.date, "2020-02-29"),
        ("2020-02-29T10:00:00Z", XSD.dateTime, "2020-02-29T10:00:00Z"),
        ("2020-02-29 10:00", XSD.dateTime, "2020-02-29T10:00:00"),
        ("2020-02-29T10:00:00,5+0100", XSD.dateTime, "2020-02-29T10:00:00.5+01:00"),
        ("last spring", "", "last spring"),
    ],
)
def test_a_date_is_as_exact_as_it_is_stated(text: str, datatype: str, written_as: str) -> None:
    assert moment(text) == literal(written_as, datatype)


def test_a_period_that_goes_on_has_an_end_with_a_name() -> None:
    temporal = Temporal(start_date="2001-05", end_date="CONTINUOUS")
    said = written(described(provenance=Provenance(temporal=temporal)))
    (period,) = said[ROOT][DCT.temporal]
    assert said[period][DCAT.startDate] == [literal("2001-05", XSD.gYearMonth)]
    assert DCAT.endDate not in said[period]
    assert said[said[period][TIME.hasEnd][0]][TYPE] == [iri(TIME.Instant)]


@pytest.mark.parametrize(
    ("contact", "place", "term"),
    [
        ("data@harbour.example", VCARD.hasEmail, "<mailto:data@harbour.example>"),
        ("https://harbour.example/ask", VCARD.hasURL, "<https://harbour.example/ask>"),
        ("The data office, or its deputy", VCARD.note, '"The data office, or its deputy"'),
        ("javascript:alert(1)", VCARD.note, '"javascript:alert(1)"'),
    ],
)
def test_a_contact_is_an_address_where_it_is_one(contact: str, place: str, term: str) -> None:
    summary = replace(described().summary, contact_point=contact)
    said = written(described(summary=summary))
    assert said[said[ROOT][DCAT.contactPoint][0]][place] == [term]


def test_a_place_is_words_beside_the_address_of_an_authority() -> None:
    said = written(described(coverage=Coverage(spatial=("GB-ENG", "Dale"))))
    first, second, known = said[ROOT][DCT.spatial][0], said[ROOT][DCT.spatial][2], said[ROOT][DCT.spatial][1]
    assert known == "<https://sws.geonames.org/6269131/>"
    assert said[first][SKOS.prefLabel] == ['"GB-ENG"']
    assert said[first][SKOS.exactMatch] == [known]
    assert SKOS.exactMatch not in said[second]


def test_a_doi_is_another_identifier() -> None:
    said = written(described(summary=replace(described().summary, doi_name="10.1234/abc")))
    assert said[ROOT][DCT.identifier] == ['"x1"']
    assert said[said[ROOT][ADMS.identifier][0]][SKOS.notation] == [literal("https://doi.org/10.1234/abc", XSD.anyURI)]


def test_earlier_versions_are_named_by_identifiers_and_the_current_one_is_none() -> None:
    own, old = "6d9f6d5e-0000-4000-8000-000000000001", "6d9f6d5e-0000-4000-8000-000000000002"
    revisions = (Revision("1.0.0", old), Revision("2.0.0", own), Revision("0.9", "https://old.example/dataset/9"))
    said = written(described(identifier=own, revisions=revisions))
    assert said[ROOT][PROV.wasRevisionOf] == [f"<urn:uuid:{old}>", "<https://old.example/dataset/9>"]
    assert [said[each][DCAT.version] for each in said[ROOT][DCAT.previousVersion]] == [
        ['"1.0.0"'],
        ['"2.0.0"'],
        ['"0.9"'],
    ]


def test_tables_stand_on_the_dataset() -> None:
    column = Column(name="sex", data_type="string", description="Sex at birth.", greatest="2")
    structure = StructuralMetadata(tables=(Table(name="person", columns=(column,)),))
    said = written(described(structural_metadata=structure))
    (group,) = said[ROOT][HEALTH.hasVariables]
    assert said[ROOT][HEALTH.hasStructuredData] == [literal("true", XSD.boolean)]
    assert said[group][DCT.title] == ['"Clinic visits"']
    (table,) = said[group][CSVW.table]
    assert said[said[table][CSVW.column][0]] == {
        TYPE: [iri(CSVW.Column)],
        CSVW.name: ['"sex"'],
        CSVW.title: ['"sex"'],
        CSVW.datatype: ['"string"'],
        DCT.description: ['"Sex at birth."'],
        CSVW.maximum: ['"2"'],
    }


def test_nought_is_stated() -> None:
    coverage = Coverage(typical_age_range_min=0)
    said = written(described(coverage=coverage, summary=replace(described().summary, population_size=0)))
    nought = literal("0", XSD.nonNegativeInteger)
    assert said[ROOT][HEALTH.minTypicalAge] == said[ROOT][HEALTH.numberOfUniqueIndividuals] == [nought]


@pytest.mark.parametrize(
    ("accessibility", "level"),
    [
        (access(access_service_category="TRE/SDE"), "RESTRICTED"),
        (access(access_service_category="Open access"), "PUBLIC"),
        (access(delivery_lead_time="1-2 months"), "RESTRICTED"),
        (access(access_service_category="Open access", delivery_lead_time="Not applicable"), "PUBLIC"),
        (Accessibility(usage=Usage(data_use_requirements=("Ethics approval required",))), "RESTRICTED"),
        (Accessibility(usage=Usage(data_use_limitation=("No linkage",))), "RESTRICTED"),
        (Accessibility(usage=Usage(data_use_limitation=("General research use",))), None),
        (access(access_rights="Ask us."), None),
        (access(access_level="NON_PUBLIC", delivery_lead_time="1-2 months"), "NON_PUBLIC"),
    ],
)
def test_the_access_right_follows_only_from_what_is_stated(accessibility: Accessibility, level: str | None) -> None:
    said = written(described(accessibility=accessibility))
    assert said[ROOT].get(DCT.accessRights, []) == ([iri(f"{EU}access-right/{level}")] if level else [])


def test_a_derived_access_right_is_not_read_as_stated() -> None:
    lines = dcat.write(described(accessibility=access(delivery_lead_time="1-2 months")), address=ADDRESS).lines
    description = dcat.read("\n".join(lines), identifier=ADDRESS).description
    assert description is not None
    assert description.accessibility.access.access_level is None
    assert description.accessibility.access.delivery_lead_time == "1-2 months"


def test_a_file_without_an_access_address_is_had_from_the_page() -> None:
    said = written(described(distributions=(Distribution(title="Extract", format="csv"),)))
    file = said[said[ROOT][DCAT.distribution][0]]
    assert file[DCAT.accessURL] == said[ROOT][DCAT.landingPage] == [f"<{ADDRESS}#page>"]
    assert file[DCT.format] == [iri(f"{EU}file-type/CSV")]


def test_a_sample_is_a_sample() -> None:
    said = written(described(distributions=(Distribution(access_url="https://a.example/s", is_sample=True),)))
    assert DCAT.distribution not in said[ROOT]
    assert said[said[ROOT][ADMS.sample][0]][DCAT.accessURL] == ["<https://a.example/s>"]


def test_what_has_no_form_is_left_out_and_told() -> None:
    standards = FormatAndStandards(coding_systems=("a local list",), language=("en", "tlh"))
    writing = dcat.write(described(accessibility=Accessibility(format_and_standards=standards)), address=ADDRESS)
    said = statements("\n".join(writing.lines))[ROOT]
    assert HEALTH.hasCodingSystem not in said
    assert said[DCT.language] == [iri(f"{EU}language/ENG")]
    assert {"healthdcatap:hasCodingSystem", "dct:language"} <= {each.path for each in writing.missing}


def test_a_bad_address_never_becomes_a_link() -> None:
    documentation = Documentation(associated_media=("https://a.example/b c", "javascript:x", "https://a.example/ok"))
    said = written(described(documentation=documentation))
    assert [term for term in said[ROOT][FOAF.page] if not term.startswith(f"<{ADDRESS}#")] == ["<https://a.example/ok>"]
