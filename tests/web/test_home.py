from flask.testing import FlaskClient

from catalogue.models import HarvestRun, HarvestSource, RunState
from catalogue.runtime import Runtime
from catalogue.services import indexing
from schemas.metadata import DatasetType, Description, Origin, Provenance, Summary
from tests.publishing import PUBLISHED, custodian, identifier_of, publish


def fill(runtime: Runtime) -> None:
    kinds = Provenance(origin=Origin(dataset_type=(DatasetType("Registry"),)))
    with runtime.sessions() as session:
        for number in range(4):
            summary = Summary(title=f"Register {number}", population_size=1_200_000, keywords=("cancer", f"k{number}"))
            publish(session, Description(summary=summary, provenance=kinds))
        publish(session, Description(summary=Summary(title="Clinic <b>letters</b>")), by="Tarn Hospital")
        publish(
            session, Description(summary=Summary(title="Clinic <b>letters</b>", abstract="All.")), by="Tarn Hospital"
        )
        source = HarvestSource(
            organisation_id=custodian(session).id, kind="hdruk", name="feed", options={}, created_at=PUBLISHED
        )
        session.add(source)
        session.flush()
        run = HarvestRun(
            source_id=source.id,
            state=RunState.SUCCEEDED,
            started_at=PUBLISHED,
            finished_at=PUBLISHED,
            counts={},
            stages={},
        )
        session.add(run)
        session.commit()
        indexing.rebuild(session, runtime.backend)


def test_an_empty_catalogue_says_so(client: FlaskClient) -> None:
    page = client.get("/").get_data(as_text=True)
    assert "Nothing is described here yet" in page
    assert 'action="/search"' in page


def test_the_first_page_counts_and_leads_on(client: FlaskClient, runtime: Runtime) -> None:
    fill(runtime)
    page = client.get("/").get_data(as_text=True)
    assert 'href="/search">5</a>' in page
    assert 'href="/organisations">2</a>' in page
    assert "4.8 million" in page
    assert "1 March 2025" in page
    assert 'href="/search?data_type=Registry"' in page
    assert 'href="/search?custodian=tarn-hospital"' in page
    examples = page.split("catalogue-hero__examples")[1].split("</p>")[0]
    assert examples.count("<a ") == 3
    assert examples.index("/search?q=cancer") < examples.index("/search?q=k0")
    assert f'href="/datasets/{identifier_of("Register 0")}"' in page
    assert "Clinic &lt;b&gt;letters&lt;/b&gt;" in page
    assert "Recently changed" in page


def test_about_says_how_things_work(client: FlaskClient) -> None:
    page = client.get("/about").get_data(as_text=True)
    for part in ("what", "search", "harvest", "quality", "reuse", "accessibility"):
        assert f'id="{part}"' in page
