"""What others write in DCAT, read into the canonical form."""

from datetime import date

import pytest
from pyoxigraph import RdfFormat, parse, serialize

from schemas.crosswalks import dcat
from schemas.crosswalks.dates import DateOrder
from schemas.crosswalks.reading import Reading
from schemas.metadata import DatasetReference, Description, Revision, Severity, Supplied

ADDRESS = "https://portal.example/dataset/7"
PREFIXES = """
@prefix adms: <http://www.w3.org/ns/adms#> .
@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix dpv: <https://w3id.org/dpv#> .
@prefix dqv: <http://www.w3.org/ns/dqv#> .
@prefix eu: <http://publications.europa.eu/resource/authority/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix h: <http://healthdataportal.eu/ns/health#> .
@prefix prov: <http://www.w3.org/ns/prov#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix schema: <https://schema.org/> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix vcard: <http://www.w3.org/2006/vcard/ns#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix : <https://portal.example/> .
"""
WHOLE = 'dct:title "T" ; dct:publisher [ a foaf:Agent ; foaf:name "Harbour Trust" ] '


def lines(turtle: str) -> str:
    quads = parse((PREFIXES + turtle).encode(), RdfFormat.TURTLE)
    return serialize((quad.triple for quad in quads), format=RdfFormat.N_TRIPLES).decode()


def read(statements: str, more: str = "", order: DateOrder | None = None) -> Reading:
    text = lines(f"<{ADDRESS}> a dcat:Dataset ; {WHOLE} ; {statements} . {more}")
    return dcat.read(text, identifier=ADDRESS, date_order=order, today=date(2026, 11, 22))


def description(statements: str, more: str = "") -> Description:
    found = read(statements, more).description
    assert found is not None
    return found


def paths(reading: Reading, severity: Severity = Severity.WARNING) -> list[str]:
    return [each.path for each in reading.problems if each.severity is severity]


def test_without_a_title_it_is_no_entry() -> None:
    reading = dcat.read(lines(f"<{ADDRESS}> a dcat:Dataset ."), identifier=ADDRESS)
    assert reading.description is None
    assert ("dct:title", Severity.ERROR) in [(each.path, each.severity) for each in reading.problems]


def test_without_a_publisher_it_may_be_one() -> None:
    reading = dcat.read(lines(f'<{ADDRESS}> a dcat:Dataset ; dct:title "T" .'), identifier=ADDRESS)
    assert reading.description is not None
    assert reading.description.summary.data_custodian.name is None
    assert "dct:publisher" in paths(reading)


def test_the_address_is_the_identifier_where_none_is_stated() -> None:
    assert description('dct:description "d"').identifier == ADDRESS
    assert description('dct:identifier "x7"').identifier == "x7"


def test_english_counts_first_and_a_second_text_is_told() -> None:
    text = lines(f'<{ADDRESS}> a dcat:Dataset ; dct:title "Drei"@de, "bare", "Two"@en, "One"@en .')
    reading = dcat.read(text, identifier=ADDRESS)
    assert reading.description is not None
    assert reading.description.summary.title == "One"
    assert [each.message for each in reading.problems if each.path == "dct:title"] == [
        "Several texts are given in one language; “One” was taken."
    ]
    assert {each.value for each in reading.description.as_supplied} == {"Two", "bare", "Drei"}


@pytest.mark.parametrize(
    "publisher",
    [
        '[ foaf:name "Harbour Trust" ]',
        '[ skos:prefLabel "Harbour Trust"@en, "Hafen"@de ]',
        '"Harbour Trust"',
    ],
)
def test_a_publisher_has_a_name_in_one_way_or_another(publisher: str) -> None:
    reading = dcat.read(
        lines(f'<{ADDRESS}> a dcat:Dataset ; dct:title "T" ; dct:publisher {publisher} .'), identifier=ADDRESS
    )
    assert reading.description is not None
    assert reading.description.summary.data_custodian.name == "Harbour Trust"


def test_a_publisher_without_a_name_gives_way_to_a_creator() -> None:
    text = lines(
        f'<{ADDRESS}> a dcat:Dataset ; dct:title "T" ; dct:publisher :p ; dct:creator [ foaf:name "Harbour Trust" ] .'
    )
    reading = dcat.read(text, identifier=ADDRESS)
    assert reading.description is not None
    assert reading.description.summary.data_custodian.name == "Harbour Trust"


def test_the_address_of_a_publisher_identifies_it() -> None:
    text = lines(
        f'<{ADDRESS}> a dcat:Dataset ; dct:title "T" ; dct:publisher <https://ror.org/05abc> . '
        '<https://ror.org/05abc> foaf:name "Harbour Trust" ; foaf:mbox <mailto:data@harbour.example> .'
    )
    reading = dcat.read(text, identifier=ADDRESS)
    assert reading.description is not None
    custodian = reading.description.summary.data_custodian
    assert (custodian.identifier, custodian.contact_point) == ("https://ror.org/05abc", ("data@harbour.example",))


@pytest.mark.parametrize(
    ("statement", "path", "value"),
    [
        ('dct:issued "yesterday"', "dct:issued", "yesterday"),
        ('dct:modified "2026-02-30"^^xsd:date', "dct:modified", "2026-02-30"),
        ('h:numberOfRecords "-5"^^xsd:nonNegativeInteger', "healthdcatap:numberOfRecords", "-5"),
        ('h:minTypicalAge "eighteen"^^xsd:nonNegativeInteger', "healthdcatap:minTypicalAge", "eighteen"),
        ('h:maxTypicalAge "999"^^xsd:nonNegativeInteger', "healthdcatap:maxTypicalAge", "999"),
        ("dct:accrualPeriodicity eu:frequency\\/TRIENNIAL", "dct:accrualPeriodicity", "TRIENNIAL"),
        ("dcat:landingPage <javascript:alert(1)>", "foaf:page", "javascript:alert(1)"),
        ("foaf:page <file:///etc/passwd>", "foaf:page", "file:///etc/passwd"),
    ],
)
def test_a_value_that_cannot_be_is_told_and_kept_as_supplied(statement: str, path: str, value: str) -> None:
    reading = read(statement)
    assert reading.description is not None
    assert path in paths(reading)
    assert any(value in each.value for each in reading.description.as_supplied)


def test_of_two_dates_the_one_that_can_be_counts() -> None:
    reading = read('dct:modified "2026-02-30"^^xsd:date, "2026"^^xsd:gYear')
    assert reading.description is not None
    assert reading.description.modified == "2026"
    assert "dct:modified" in paths(reading)


def test_slash_dates_follow_the_convention_of_the_source() -> None:
    assert read('dct:issued "4/5/2019"').description.issued is None  # type: ignore[union-attr]
    assert read('dct:issued "4/5/2019"', order=DateOrder.DAY_FIRST).description.issued == "2019-05-04"  # type: ignore[union-attr]


def test_several_periods_are_read_as_one_that_holds_them() -> None:
    found = description(
        'dct:temporal [ dcat:startDate "2010-01-01"^^xsd:date ; dcat:endDate "2012-01-01"^^xsd:date ], '
        '[ dcat:startDate "2001"^^xsd:gYear ; dcat:endDate "2003"^^xsd:gYear ]'
    )
    assert (found.provenance.temporal.start_date, found.provenance.temporal.end_date) == ("2001", "2012-01-01")


@pytest.mark.parametrize(
    ("statement", "places"),
    [
        ("dct:spatial <https://sws.geonames.org/2634895/>", ("Wales",)),
        ("dct:spatial eu:country\\/GBR, eu:country\\/NLD", ("United Kingdom", "Netherlands")),
        ('dct:spatial [ a dct:Location ; skos:prefLabel "Dale" ]', ("Dale",)),
        ('dct:spatial "England"', ("England",)),
        ("dct:spatial <https://places.example/9>", ("https://places.example/9",)),
    ],
)
def test_a_place_is_read_by_its_name(statement: str, places: tuple[str, ...]) -> None:
    assert description(statement).coverage.spatial == places


@pytest.mark.parametrize(
    ("statement", "languages"),
    [
        ("dct:language eu:language\\/CYM, eu:language\\/ENG", {"cy", "en"}),
        ("dct:language <http://id.loc.gov/vocabulary/iso639-1/en>", {"en"}),
        ("dct:language <http://lexvo.org/id/iso639-3/nld>", {"nl"}),
        ('dct:language "en"', {"en"}),
    ],
)
def test_a_language_is_read_by_any_of_its_addresses(statement: str, languages: set[str]) -> None:
    assert set(description(statement).accessibility.format_and_standards.language) == languages


def test_the_strictest_access_right_counts() -> None:
    found = read("dct:accessRights eu:access-right\\/PUBLIC, eu:access-right\\/NON_PUBLIC")
    assert found.description is not None
    assert found.description.accessibility.access.access_level == "NON_PUBLIC"
    assert "dct:accessRights" in paths(found)


@pytest.mark.parametrize(
    "statement",
    [
        'dct:accessRights "Ask the committee."',
        'dct:rights [ a dct:RightsStatement ; rdfs:label "Ask the committee." ]',
        'dct:accessRights eu:access-right\\/RESTRICTED ; dct:rights "Ask the committee."',
    ],
)
def test_words_about_access_are_read_wherever_they_stand(statement: str) -> None:
    assert description(statement).accessibility.access.access_rights == "Ask the committee."


@pytest.mark.parametrize(
    ("statement", "revision"),
    [
        ("dcat:previousVersion :old", Revision(None, "https://portal.example/old")),
        ("prov:wasRevisionOf :old", Revision(None, "https://portal.example/old")),
        ("dct:replaces :old", Revision(None, "https://portal.example/old")),
        ("dct:replaces :old ; dcat:previousVersion :old", Revision(None, "https://portal.example/old")),
    ],
)
def test_an_earlier_version_is_named_in_any_of_three_ways(statement: str, revision: Revision) -> None:
    assert description(statement).revisions == (revision,)


@pytest.mark.parametrize(
    ("statement", "reference"),
    [
        ("dct:source :other", DatasetReference(url="https://portal.example/other")),
        ("prov:wasDerivedFrom <https://doi.org/10.1234/x>", DatasetReference(pid="10.1234/x")),
        ('dct:source [ dct:title "Another" ; dct:identifier "a1" ]', DatasetReference(pid="a1", title="Another")),
    ],
)
def test_another_dataset_is_known_by_what_is_said_of_it(statement: str, reference: DatasetReference) -> None:
    assert description(statement).enrichment_and_linkage.derived_from == (reference,)


def test_a_relationship_is_read_as_what_it_relates_to() -> None:
    found = description("dcat:qualifiedRelation [ a dcat:Relationship ; dct:relation :other ; dcat:hadRole :role ]")
    assert found.enrichment_and_linkage.linkable_datasets == (DatasetReference(url="https://portal.example/other"),)


def test_files_samples_and_services_are_read() -> None:
    found = description(
        "dcat:distribution [ dcat:accessURL :get ; dct:format eu:file-type\\/CSV ; dcat:byteSize 12 ; "
        "dcat:mediaType <http://www.iana.org/assignments/media-types/text/csv> ; "
        'dct:license <https://mit.example/> ; dcat:accessService [ dct:title "API" ; dcat:endpointURL :api ] ] ; '
        "adms:sample [ dcat:accessURL :try ]",
        f'[] a dcat:DataService ; dct:title "Beacon" ; dcat:endpointURL :beacon ; dcat:servesDataset <{ADDRESS}> .',
    )
    file, sample = found.distributions
    assert (file.access_url, file.format, file.media_type, file.byte_size, file.licence) == (
        "https://portal.example/get",
        "CSV",
        "text/csv",
        12,
        "https://mit.example/",
    )
    assert (sample.access_url, sample.is_sample) == ("https://portal.example/try", True)
    assert {each.title for each in found.data_services} == {"API", "Beacon"}


def test_contacts_are_read_from_a_card() -> None:
    card = "dcat:contactPoint [ a vcard:Kind ; vcard:fn {fn} {more} ]"
    email = card.format(fn='"Desk"', more="; vcard:hasEmail <mailto:desk@harbour.example>")
    assert description(email).summary.contact_point == "desk@harbour.example"
    assert description(card.format(fn='"Desk"', more="")).summary.contact_point == "Desk"


def test_health_terms_are_read() -> None:
    hdeu = "https://hdeu-dcat.data.health.europa.eu/resource/authority"
    found = description(
        f"h:healthCategory <{hdeu}/healthcategories/EHRS> ; h:hasCodingSystem <{hdeu}/coding-system/LOINC> ; "
        'h:numberOfUniqueIndividuals 70 ; h:retentionPeriod [ dcat:startDate "2020-01-01"^^xsd:date ] ; '
        'h:hdab [ foaf:name "Access body" ] ; dpv:hasLegalBasis <https://w3id.org/dpv/legal/eu/gdpr#A9-2-j> ; '
        f"dct:conformsTo <{hdeu}/standard/OMOP-CDM>"
    )
    assert found.health.category == (f"{hdeu}/healthcategories/EHRS",)
    assert found.accessibility.format_and_standards.coding_systems == (f"{hdeu}/coding-system/LOINC",)
    assert found.accessibility.format_and_standards.conforms_to == ("OMOP",)
    assert found.summary.population_size == 70
    assert found.accessibility.legal.retention_start == "2020-01-01"
    assert found.accessibility.access.access_body is not None
    assert found.accessibility.legal.legal_basis == ("https://w3id.org/dpv/legal/eu/gdpr#A9-2-j",)


def test_schema_org_is_read_for_what_everybody_states() -> None:
    text = lines(
        f'<{ADDRESS}> a schema:Dataset ; schema:name "T" ; schema:description "d" ; schema:keywords "k" ; '
        'schema:publisher [ schema:name "Harbour Trust" ] ; schema:dateModified "2026-01-01" .'
    )
    found = dcat.read(text, identifier=ADDRESS).description
    assert found is not None
    assert (found.summary.title, found.documentation.description, found.summary.keywords) == ("T", "d", ("k",))
    assert (found.summary.data_custodian.name, found.modified) == ("Harbour Trust", "2026-01-01")


def test_what_no_line_reads_is_kept_as_supplied() -> None:
    found = read('dct:provenance "From clinics" ; adms:versionNotes "New columns" ; dcat:theme eu:data-theme\\/HEAL')
    assert found.description is not None
    reason = "The canonical form has no field for this."
    assert Supplied("dct:provenance", "From clinics", reason) in found.description.as_supplied
    assert Supplied("adms:versionNotes", "New columns", reason) in found.description.as_supplied
    assert "dcat:theme" not in paths(found, Severity.NOTE)


def test_shapes_in_the_data_are_no_facts() -> None:
    found = read("sh:deactivated true", "[] a sh:NodeShape ; sh:targetClass dcat:Dataset .")
    assert found.description is not None
    assert found.description.as_supplied == ()


def test_of_endless_values_the_first_are_taken() -> None:
    keywords = ", ".join(f'"word{number}"' for number in range(1_500))
    reading = read(f"dcat:keyword {keywords}")
    assert reading.description is not None
    assert len(reading.description.summary.keywords) == 1_000
    assert "dcat:keyword" in paths(reading)


def test_control_characters_are_removed() -> None:
    text = lines(f'<{ADDRESS}> a dcat:Dataset ; dct:title "a\\u0000b\\u202Ec" .')
    reading = dcat.read(text, identifier=ADDRESS)
    assert reading.description is not None
    assert reading.description.summary.title == "abc"


@pytest.mark.parametrize("text", ["", "nonsense", "<a> <b> <c> .", '{"@id": "x"}'])
def test_what_is_no_dataset_is_told(text: str) -> None:
    reading = dcat.read(text, identifier=ADDRESS)
    assert reading.description is None
    assert [each.severity for each in reading.problems] == [Severity.ERROR]
