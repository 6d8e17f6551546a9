import pytest
from flask.testing import FlaskClient

from catalogue.runtime import Runtime
from catalogue.services import indexing
from tests.publishing import custodian, described, publish


def fill(runtime: Runtime) -> None:
    with runtime.sessions() as session:
        custodian(
            session,
            "Tarn Hospital",
            is_claimed=True,
            contact_point="data@tarn.example",
            description="Sees everybody.\nSince <1948>.",
            url="javascript:alert(1)",
            identifier="https://ror.org/00000tarn",
            member_of="ALLIANCE",
        )
        custodian(session, "Beck Charity", is_claimed=True)
        for number in range(30):
            publish(session, described(f"Dataset {number}", population_size=100), by="Tarn Hospital")
        publish(session, described("Lone dataset"))
        session.commit()
        indexing.rebuild(session, runtime.backend)


def test_organisations_are_listed_with_what_they_hold(client: FlaskClient, runtime: Runtime) -> None:
    fill(runtime)
    page = client.get("/organisations").get_data(as_text=True)
    assert "30 datasets" in page
    assert "3,000 people described" in page
    assert "unclaimed" in page
    assert page.index("Members without datasets yet") < page.index("Beck Charity")


def test_a_member_has_a_page(client: FlaskClient, runtime: Runtime) -> None:
    fill(runtime)
    page = client.get("/organisations/tarn-hospital").get_data(as_text=True)
    assert 'href="mailto:data@tarn.example"' in page
    assert "Since &lt;1948&gt;." in page
    assert "A member" in page
    assert "Member of: Alliance" in page
    assert page.count('href="/datasets/') == 20
    assert 'href="/search?custodian=tarn-hospital"' in page
    assert "javascript" not in page.replace("/static/js/", "")


def test_an_unclaimed_custodian_is_said_to_be_one(client: FlaskClient, runtime: Runtime) -> None:
    fill(runtime)
    page = client.get("/organisations/fell-and-dale-trust").get_data(as_text=True)
    assert "Not claimed yet" in page
    assert "No contact is stated" in page


def test_a_member_without_datasets_has_a_page(client: FlaskClient, runtime: Runtime) -> None:
    fill(runtime)
    assert "No dataset of this organisation" in client.get("/organisations/beck-charity").get_data(as_text=True)


@pytest.mark.parametrize("slug", ["nobody", "%00", "x" * 3000])
def test_an_organisation_that_is_not_there_is_not_found(client: FlaskClient, slug: str) -> None:
    assert client.get(f"/organisations/{slug}").status_code == 404


def test_an_empty_list_says_so(client: FlaskClient) -> None:
    assert "No organisation describes a dataset here yet." in client.get("/organisations").get_data(as_text=True)
