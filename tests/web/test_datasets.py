import gzip
import json
import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event
from sqlalchemy.orm import Session

from schemas.metadata import (
    Access,
    AccessBody,
    Accessibility,
    AgeCount,
    Basis,
    BasisKind,
    Column,
    ColumnValue,
    Coverage,
    DatasetReference,
    DemographicFrequency,
    Description,
    DiseaseCount,
    Documentation,
    EnrichmentAndLinkage,
    EthnicityCount,
    FormatAndStandards,
    Observation,
    Organisation,
    Problem,
    Provenance,
    Severity,
    StructuralMetadata,
    Summary,
    Supplied,
    Table,
    Temporal,
    Usage,
)
from tests.application import Published
from tests.publishing import PUBLISHED, custodian, described, identifier_of, publish, withdraw

FORMER = "0a7bb0a3-94a8-4d4c-8a20-65df9d8b3c11"
TITLE = "Fell births"
LONG_TITLE = "Community and hospital records " * 10
HOSTILE = "</script><script>alert(1)</script> & 'quotes\""
WIDE = "Wide cohort"
STATIC = Path(__file__).parents[2] / "static"
LARGEST_PAGE = 150_000
"""Bytes of a dataset's page with all that it loads, compressed."""

FULL = Description(
    version="2.1.0",
    summary=Summary(
        title=TITLE,
        abstract="Every birth on the fells.",
        lay_summary="Babies, and how they fared.",
        population_size=1_204_553,
        keywords=("Birth", "ICD-10 & more"),
        doi_name="10.5555/fell.1",
        contact_point="births@fell.example",
        data_custodian=Organisation(contact_point=("desk@fell.example",)),
    ),
    documentation=Documentation(
        description="Starts in 1990.\n\nCovers:\n• weight\n• length\n\nSee https://fell.example/guide."
        + "\nMore." * 600
    ),
    coverage=Coverage(
        spatial=("Wales", "England", "Scotland"),
        typical_age_range_min=0,
        typical_age_range_max=1,
        pathway="From booking.",
    ),
    provenance=Provenance(
        temporal=Temporal(
            publishing_frequency="Quarterly", start_date="1990-04-01", end_date="CONTINUOUS", time_lag="2-4 weeks"
        )
    ),
    accessibility=Accessibility(
        usage=Usage(data_use_requirements=("Ethics approval required",), resource_creator=("Thank the midwives.",)),
        access=Access(
            access_rights="https://fell.example/apply\nA board meets monthly.",
            access_service_category="TRE/SDE",
            access_request_cost="Free for students",
            delivery_lead_time="1-2 months",
            jurisdiction=("GB-WLS",),
            access_body=AccessBody(name="Fell board", email="board@fell.example"),
        ),
        format_and_standards=FormatAndStandards(language=("cy",), conforms_to=("OMOP",)),
    ),
    enrichment_and_linkage=EnrichmentAndLinkage(
        linkable_datasets=(
            DatasetReference(url=f"https://elsewhere.example/dataset/{FORMER}"),
            DatasetReference(title="Something else", url="https://elsewhere.example/else"),
            DatasetReference(title="Bad address", url="javascript:alert(1)"),
        ),
        publication_about_dataset=("10.5555/paper",),
    ),
    observations=(Observation("Persons", 1_204_553, None, "2025-01-31", "Births"),),
    structural_metadata=StructuralMetadata(
        tables=(
            Table(
                "births",
                "One row a birth.",
                (
                    Column(
                        "weight",
                        "integer",
                        "Weight in grams",
                        sensitive=True,
                        missing_share=0.125,
                        least="300",
                        greatest="6200",
                        values=(ColumnValue("1", "Low", 30), ColumnValue("2", "Normal", 70)),
                    ),
                ),
            ),
        )
    ),
    demographic_frequency=DemographicFrequency(
        age=(AgeCount("7-27 days", 50), AgeCount("0-6 days", 100)),
        ethnicity=tuple(EthnicityCount(f"Group {number}", 100 - number) for number in range(12)),
        disease=(DiseaseCount("P07", "ICD10", 40),),
    ),
    bases=(
        Basis("coverage.spatial", BasisKind.INFERRED, evidence="across the <north>"),
        Basis("structuralMetadata", BasisKind.FILLED, source="Gateway feed"),
    ),
    as_supplied=(
        Supplied("coverage.gender[0]", "Male", "There is no place for this."),
        Supplied("coverage.gender[1]", "<i>Female</i>", "There is no place for this."),
    ),
)
PROBLEMS = (
    Problem("provenance.origin.datasetType", "“Types of data” is not stated.", Severity.ERROR, "Choose one."),
    Problem("coverage.gender", "There is no such field.", Severity.NOTE),
)
EVIL = Description(
    version=HOSTILE,
    summary=Summary(title=HOSTILE, abstract=HOSTILE, keywords=(HOSTILE,), contact_point=HOSTILE, doi_name=HOSTILE),
    documentation=Documentation(description=HOSTILE, associated_media=("javascript:alert(1)", HOSTILE)),
    coverage=Coverage(spatial=(HOSTILE,), pathway=HOSTILE),
    accessibility=Accessibility(
        usage=Usage(resource_creator=(HOSTILE,)),
        access=Access(access_rights="javascript:alert(1)", data_controller=HOSTILE),
    ),
    structural_metadata=StructuralMetadata(
        tables=(Table(HOSTILE, HOSTILE, (Column(HOSTILE, HOSTILE, HOSTILE, values=(ColumnValue(HOSTILE, HOSTILE),)),)),)
    ),
    demographic_frequency=DemographicFrequency(
        age=(AgeCount(HOSTILE, -1),), disease=(DiseaseCount(HOSTILE, None, None),)
    ),
    enrichment_and_linkage=EnrichmentAndLinkage(derived_from=(DatasetReference(HOSTILE, HOSTILE, HOSTILE),)),
)
COLUMNS = tuple(
    Column(
        f"q{number}_answer",
        "categorical",
        f"Answer to question {number} of the booklet, as coded",
        values=(ColumnValue("1", "Yes"), ColumnValue("2", "No")),
    )
    for number in range(900)
)


def fill(session: Session) -> None:
    """A full description, nearly nothing, hostile text, 900 columns, a withdrawn one, one that goes by a new name."""
    publish(session, FULL, problems=PROBLEMS)
    publish(session, described("Nearly nothing"))
    publish(session, described(LONG_TITLE))
    publish(session, EVIL)
    publish(
        session, replace(described(WIDE), structural_metadata=StructuralMetadata(tables=(Table("k", None, COLUMNS),)))
    )
    withdraw(session, publish(session, described("Gone away")))
    publish(session, described("Renamed"), formerly=(FORMER,), at=PUBLISHED + timedelta(days=1))
    custodian(session).contact_point = "front@fell.example"


@pytest.fixture(scope="module")
def library(published: Published) -> Flask:
    """A catalogue that is filled once for the tests here, which only read."""
    return published(fill)


@pytest.fixture
def client(library: Flask) -> FlaskClient:
    """A visitor of that catalogue."""
    return library.test_client()


def page_of(client: FlaskClient, title: str) -> str:
    answer = client.get(f"/datasets/{identifier_of(title)}")
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def section(page: str, name: str) -> str:
    return page.split(f'aria-labelledby="{name}"')[1].split("</section>", maxsplit=1)[0]


class TestThePage:
    def test_fitness_is_judged_at_first_sight(self, client: FlaskClient) -> None:
        strip = page_of(client, TITLE).split('class="catalogue-fitness"')[1].split("</dl>")[0]
        facts = re.findall(r"<dt>(.*?)</dt><dd[^>]*>(.*?)(?:<span.*?>(.*?)</span>)?</dd>", strip)
        assert facts == [
            ("People", "1,204,553", ""),
            ("Years", "1990 to now", ""),
            ("Places", "Wales, England and 1 more", ""),
            ("Refreshed", "Every three months", "2-4 weeks behind events"),
            ("Time to access", "1-2 months", ""),
            ("Way of access", "Trusted research or secure data environment", ""),
        ]

    def test_asking_is_by_the_contact_that_is_stated(self, client: FlaskClient) -> None:
        ask = section(page_of(client, TITLE), "ask")
        assert 'href="mailto:births@fell.example?subject=Question%20about%20Fell%20births&amp;body=' in ask
        assert 'href="https://fell.example/apply"' in ask
        assert "has not joined the catalogue" in ask
        assert "mailto:front@fell.example" in section(page_of(client, "Nearly nothing"), "ask")

    def test_the_words_of_the_custodian_are_kept(self, client: FlaskClient) -> None:
        overview = section(page_of(client, TITLE), "overview")
        assert "In plain language" in overview
        assert "<li>weight</li><li>length</li>" in overview
        assert 'href="https://fell.example/guide" rel="nofollow noopener"' in overview
        assert "Read the rest of the description" in overview
        assert overview.count("More.") == 600
        assert 'href="/search?keyword=icd-10+%26+more"' in overview

    def test_people_are_drawn_and_counted(self, client: FlaskClient) -> None:
        people = section(page_of(client, TITLE), "people")
        assert "From 1 April 1990, still collected" in people
        assert people.count('<svg class="catalogue-chart"') == 1
        assert people.index('<th scope="row">0-6 days</th>') < people.index('<th scope="row">7-27 days</th>')
        assert "4 more" in people
        assert "P07 (ICD10)" in people
        assert "Inferred from “across the &lt;north&gt;”" in people

    def test_columns_are_listed_with_what_is_known_of_them(self, client: FlaskClient) -> None:
        measured = section(page_of(client, TITLE), "measured")
        assert "1 table with 1 column." in measured
        assert "Filled in from Gateway feed" in measured
        assert "300 to 6200; 12% missing" in measured
        assert "Low; 30 rows, 30%" in measured
        assert "Sensitive" in measured
        assert "1,204,553" in measured
        assert "31 January 2025" in measured

    def test_references_lead_to_pages_of_the_catalogue_where_they_can(self, client: FlaskClient) -> None:
        linkage = section(page_of(client, TITLE), "linkage")
        assert f'<a class="govuk-link" href="/datasets/{identifier_of("Renamed")}">Renamed</a>' in linkage
        assert 'href="https://elsewhere.example/else" rel="nofollow noopener">Something else</a>' in linkage
        assert "Bad address javascript:alert(1)" in linkage
        assert 'href="https://doi.org/10.5555/paper"' in linkage

    def test_codes_are_said_in_words(self, client: FlaskClient) -> None:
        page = page_of(client, TITLE)
        assert "Wales" in section(page, "access")
        assert "Welsh" in section(page, "standards")

    def test_problems_and_values_as_supplied_are_shown(self, client: FlaskClient) -> None:
        quality = section(page_of(client, TITLE), "quality")
        assert "2 problems found" in quality
        assert "Required and missing or wrong" in quality
        assert "Choose one." in quality
        assert "2 values kept as supplied" in quality
        assert "Male<br>&lt;i&gt;Female&lt;/i&gt;" in quality

    def test_it_is_said_how_to_cite(self, client: FlaskClient) -> None:
        cite = section(page_of(client, TITLE), "cite")
        assert "Thank the midwives." in cite
        assert "https://doi.org/10.5555/fell.1" in cite
        assert "@misc{" in cite
        assert "TY  - DATA" in cite

    def test_what_is_not_stated_is_said_once_at_the_end(self, client: FlaskClient) -> None:
        page = page_of(client, "Nearly nothing")
        absent = section(page, "absent")
        for label in ("Number of people", "Places", "Tables", "Start date", "Abstract", "Way of access"):
            assert f"<dt>{label}</dt>" in absent
            assert page.count(f"<dt>{label}<") == 1
        assert "The custodian has not described this dataset in words." in page
        full = section(page_of(client, TITLE), "absent")
        assert "<dt>Youngest age</dt>" not in full
        assert "<dt>Places</dt>" not in full

    def test_long_titles_are_set_smaller(self, client: FlaskClient) -> None:
        assert "catalogue-title--long" in page_of(client, LONG_TITLE)
        assert "catalogue-title--long" not in page_of(client, TITLE)

    def test_hostile_text_stays_text(self, client: FlaskClient) -> None:
        page = page_of(client, HOSTILE)
        assert "<script>alert" not in page
        assert 'href="javascript' not in page
        data = json.loads(page.split('<script type="application/ld+json">')[1].split("</script>")[0])
        assert data["name"] == HOSTILE

    def test_search_engines_are_told_what_it_is(self, client: FlaskClient) -> None:
        page = page_of(client, TITLE)
        data = json.loads(page.split('<script type="application/ld+json">')[1].split("</script>")[0])
        assert data["@type"] == "Dataset"
        assert data["url"] == f"http://catalogue.example/datasets/{identifier_of(TITLE)}"
        assert data["temporalCoverage"] == "1990-04-01/.."
        assert f'<link rel="canonical" href="{data["url"]}">' in page

    def test_the_contents_lead_to_sections_that_are_there(self, client: FlaskClient) -> None:
        for title in (TITLE, "Nearly nothing"):
            page = page_of(client, title)
            contents = page.split('class="catalogue-contents__list"')[1].split("</ul>")[0]
            named = re.findall(r'href="#([a-z]+)"', contents)
            assert named == re.findall(r'<h2 class="catalogue-heading" id="([a-z]+)"', page)

    def test_nine_hundred_columns_are_light(self, client: FlaskClient) -> None:
        page = page_of(client, WIDE)
        assert page.count("<tr>") > 900
        assert "data-catalogue-table open" not in page
        loaded = [STATIC / name for name in ("dist/catalogue.css", "dist/govuk-frontend.min.js", "img/icon.svg")]
        loaded += STATIC.glob("js/*.js")
        sizes = [len(gzip.compress(path.read_bytes())) for path in loaded if path.is_file()]
        assert len(gzip.compress(page.encode())) + sum(sizes) < LARGEST_PAGE

    def test_more_references_are_not_more_queries(self, client: FlaskClient, library: Flask) -> None:
        seen: list[str] = []
        event.listen(
            library.extensions["catalogue"].engine, "before_cursor_execute", lambda *given: seen.append(given[2])
        )
        page_of(client, TITLE)
        assert len(seen) <= 5


class TestTheOtherForms:
    def address(self, title: str = TITLE) -> str:
        return f"/datasets/{identifier_of(title)}"

    @pytest.mark.parametrize("accept", ["application/json", "text/html;q=0.2, application/json"])
    def test_the_same_address_answers_with_json(self, client: FlaskClient, accept: str) -> None:
        answer = client.get(self.address(), headers={"Accept": accept})
        assert answer.mimetype == "application/json"
        assert answer.json["summary"]["title"] == TITLE
        assert "Accept" in answer.vary

    @pytest.mark.parametrize("accept", [None, "*/*", "text/html,application/xhtml+xml,*/*;q=0.8"])
    def test_a_browser_gets_the_page(self, client: FlaskClient, accept: str | None) -> None:
        answer = client.get(self.address(), headers={"Accept": accept} if accept else {})
        assert answer.mimetype == "text/html"
        assert "Accept" in answer.vary

    def test_a_suffix_chooses_the_form(self, client: FlaskClient) -> None:
        answer = client.get(self.address() + ".json", headers={"Accept": "text/html"})
        assert answer.json["version"] == "2.1.0"
        assert client.get(self.address() + ".xlsx").status_code == 404
        assert f'href="{self.address()}.json"' in page_of(client, TITLE)

    def test_what_cannot_be_given_is_refused_with_what_can(self, client: FlaskClient) -> None:
        answer = client.get(self.address(), headers={"Accept": "image/png"})
        assert answer.status_code == 406
        assert "application/json" in answer.get_data(as_text=True)

    @pytest.mark.parametrize("accept", ["text/html", "application/json"])
    def test_what_a_reader_has_already_is_not_sent_again(self, client: FlaskClient, accept: str) -> None:
        first = client.get(self.address(), headers={"Accept": accept})
        again = client.get(self.address(), headers={"Accept": accept, "If-None-Match": first.headers["ETag"]})
        assert again.status_code == 304
        assert not again.data
        other = client.get(self.address("Renamed"), headers={"Accept": accept, "If-None-Match": first.headers["ETag"]})
        assert other.status_code == 200

    def test_a_withdrawn_dataset_has_a_tombstone(self, client: FlaskClient) -> None:
        answer = client.get(self.address("Gone away"))
        page = answer.get_data(as_text=True)
        assert answer.status_code == 410
        assert "Withdrawn" in page
        assert "1 March 2025" in page
        assert client.get(self.address("Gone away") + "/versions").status_code == 410

    def test_an_earlier_identifier_leads_to_the_dataset(self, client: FlaskClient) -> None:
        answer = client.get(f"/datasets/{FORMER}")
        assert answer.status_code == 301
        assert answer.location == self.address("Renamed")
        assert client.get(f"/datasets/{FORMER}.json").location == self.address("Renamed") + ".json"

    @pytest.mark.parametrize("identifier", ["nothing", "0" * 3000, "%00", "a.b.json", "..json"])
    def test_an_identifier_that_is_not_there_is_not_found(self, client: FlaskClient, identifier: str) -> None:
        assert client.get(f"/datasets/{identifier}").status_code == 404
