from dataclasses import replace
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from catalogue.runtime import Runtime
from schemas.metadata import Description, Summary
from tests.publishing import PUBLISHED, described, identifier_of, publish

TITLE = "Fell births"
FIRST = described(TITLE, population_size=10, abstract="Every birth on the fells since 1990, by month and parish.")
ADDRESS = f"/datasets/{identifier_of(TITLE)}/versions"


def revised(**changes: object) -> Description:
    return replace(FIRST, summary=replace(FIRST.summary, **changes))


@pytest.fixture
def history(runtime: Runtime) -> None:
    """Three versions of one dataset."""
    later = "Every live birth on the fells since 1985, by month and parish."
    with runtime.sessions() as session:
        publish(session, FIRST)
        publish(session, revised(population_size=1200), at=PUBLISHED + timedelta(days=30))
        publish(
            session, revised(population_size=1200, abstract=later, keywords=("<b>",)), at=PUBLISHED + timedelta(days=60)
        )
        session.commit()


@pytest.mark.usefixtures("history")
class TestHistory:
    def test_every_version_says_what_changed(self, client: FlaskClient) -> None:
        page = client.get(ADDRESS).get_data(as_text=True)
        assert page.index("Version 3") < page.index("Version 2") < page.index("Version 1")
        assert page.count("Current") == 1
        assert "<del>10</del> <ins>1,200</ins>" in page
        assert "<del>1990,</del> <ins>1985,</ins>" in page
        assert "<ins>live</ins>" in page
        assert "<ins>&lt;b&gt;</ins>" in page
        assert "The first version in this catalogue." in page
        assert "30 April 2025" in page

    def test_any_two_can_be_compared(self, client: FlaskClient) -> None:
        page = client.get(f"{ADDRESS}?from=3&to=1").get_data(as_text=True)
        compared = page.split('aria-labelledby="compared"')[1].split("</section>")[0]
        assert "From version 1 to version 3" in compared
        assert "<del>10</del> <ins>1,200</ins>" in compared
        assert "1 fact added and 2 changed" in compared

    @pytest.mark.parametrize(
        "asked", ["from=1&to=1", "from=1&to=9", "from=one", "to=%00", "from=" + "9" * 5000 + "&to=1"]
    )
    def test_what_cannot_be_compared_is_a_page_that_says_so(self, client: FlaskClient, asked: str) -> None:
        answer = client.get(f"{ADDRESS}?{asked}")
        assert answer.status_code == 200
        assert "Choose two" in answer.get_data(as_text=True) or "same version" in answer.get_data(as_text=True)


def test_a_single_version_has_nothing_to_compare(client: FlaskClient, runtime: Runtime) -> None:
    with runtime.sessions() as session:
        publish(session, Description(summary=Summary(title=TITLE)))
        session.commit()
    page = client.get(ADDRESS).get_data(as_text=True)
    assert "The first version in this catalogue." in page
    assert "<select" not in page


def test_the_history_of_nothing_is_not_found(client: FlaskClient) -> None:
    assert client.get("/datasets/nothing/versions").status_code == 404


def test_a_long_history_looks_at_its_newest_versions_and_leads_to_the_rest(
    client: FlaskClient, runtime: Runtime
) -> None:
    with runtime.sessions() as session:
        for number in range(30):
            publish(session, described(TITLE, population_size=number + 1), at=PUBLISHED + timedelta(days=number))
        session.commit()
    page = client.get(ADDRESS).get_data(as_text=True)
    assert page.count("1 fact changed.") == 20
    assert page.count("What changed in version") == 9
    assert f'href="{ADDRESS}?from=2&amp;to=3"' in page
    assert "<del>2</del> <ins>3</ins>" in client.get(f"{ADDRESS}?from=2&to=3").get_data(as_text=True)
