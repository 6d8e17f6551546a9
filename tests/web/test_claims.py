"""Claiming an organisation in a browser."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from catalogue.domain.permissions import Actor
from catalogue.models import Claim
from catalogue.runtime import Runtime
from catalogue.services import organisations
from tests.asking import UNCLAIMED, Cast, somebody
from tests.people import token_in
from tests.publishing import custodian
from tests.web.conversations import as_, asked, mailed_link, text_of

ADDRESS = "/organisations/fell-and-dale-trust/claim"


@pytest.fixture
def cast(cast: Cast, runtime: Runtime) -> Cast:
    with runtime.sessions() as session:
        custodian(session, UNCLAIMED).contact_point = "data@fell.example"
        session.commit()
    return cast


@pytest.fixture
def claimant(runtime: Runtime, cast: Cast) -> Actor:
    with runtime.sessions() as session:
        return somebody(session, "fay@fell.example", "Fay Gill")


def claim(client: FlaskClient, reason: str = "I run <the> registry."):
    return client.post(ADDRESS, data={"csrf_token": token_in(text_of(client, ADDRESS)), "reason": reason})


def is_claimed(runtime: Runtime) -> bool:
    with runtime.reading_sessions() as session:
        return organisations.get(session, "fell-and-dale-trust").is_claimed


def test_the_page_of_an_organisation_leads_to_its_claim(client: FlaskClient, runtime: Runtime, cast: Cast) -> None:
    assert f'href="{ADDRESS}"' in text_of(client, "/organisations/fell-and-dale-trust")
    assert "/claim" not in text_of(client, "/organisations/tarn-hospital")
    assert client.get(ADDRESS).location == f"/sign-in?next={ADDRESS}"


def test_a_claim_is_confirmed_by_the_published_contact_without_an_account(
    app: Flask, client: FlaskClient, runtime: Runtime, cast: Cast, claimant: Actor
) -> None:
    asked(runtime, cast, cast.unclaimed_dataset)
    person = as_(app, claimant)
    assert "data@fell.example" in text_of(person, ADDRESS)
    assert claim(person).location == ADDRESS
    assert "A link went to" in text_of(person, ADDRESS)
    link = f"/claims/{mailed_link(runtime)}"
    for _ in range(3):
        page = text_of(client, link)
    assert "Does Fay Gill speak for Fell and Dale Trust?" in page
    assert "registry" not in page
    assert not is_claimed(runtime)
    answer = client.post(link, data={"csrf_token": token_in(page)})
    assert "Thank you" in answer.get_data(as_text=True)
    assert is_claimed(runtime)
    assert client.get(link).status_code == 410
    page = text_of(person, "/desk")
    assert "Asthma after the flood" in page
    assert "Fell and Dale Trust</a>, 1 dataset" in page
    assert "Member, answers for its entries" in text_of(client, "/organisations/fell-and-dale-trust")
    # whoever claimed it goes on to inviting others
    assert person.get(ADDRESS).location == "/organisations/fell-and-dale-trust/people"
    assert as_(app, cast.researcher).get(ADDRESS).status_code == 409


@pytest.mark.parametrize(("decision", "result"), [("approve", True), ("refuse", False)])
def test_the_office_decides(
    app: Flask, runtime: Runtime, cast: Cast, claimant: Actor, decision: str, result: bool
) -> None:
    claim(as_(app, claimant))
    office = as_(app, cast.office)
    page = text_of(office, "/admin/claims")
    assert "I run &lt;the&gt; registry." in page
    action = page.split('action="/admin/claims/')[1].split('"')[0]
    data = {"csrf_token": token_in(page), "decision": decision}
    answer = office.post(f"/admin/claims/{action}", data=data)
    assert answer.location.startswith("/admin/claims?done=")
    assert "No claim waits." in text_of(office, answer.location)
    assert is_claimed(runtime) is result
    assert office.post(f"/admin/claims/{action}", data=data).status_code == 409


def test_a_claim_with_errors_keeps_what_was_typed(app: Flask, cast: Cast, claimant: Actor) -> None:
    person = as_(app, claimant)
    for reason, told in (("", 'href="#reason"'), ("Kept words " * 300, "Kept words")):
        answer = claim(person, reason)
        assert answer.status_code == 422
        assert told in answer.get_data(as_text=True)


def test_claims_are_seen_by_the_office_alone(app: Flask, runtime: Runtime, cast: Cast, claimant: Actor) -> None:
    claim(as_(app, claimant))
    with runtime.reading_sessions() as session:
        identifier = session.query(Claim).one().identifier
    for name, actor in {**cast.everybody, "claimant": claimant}.items():
        client = as_(app, actor)
        is_office = name in {"office", "second_office"}
        assert client.get("/admin/claims").status_code == (200 if is_office else 403), name
        if not is_office:
            data = {"csrf_token": token_in(text_of(client, "/requests/new")), "decision": "approve"}
            assert client.post(f"/admin/claims/{identifier}", data=data).status_code == 403, name
    assert not is_claimed(runtime)
