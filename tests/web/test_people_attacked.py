"""The pages of people, as they are used by those who mean no good, who are somebody else, or who press twice."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from catalogue import clock
from catalogue.models import OutboxMessage, RoleChange
from catalogue.runtime import Runtime
from catalogue.services import accounts
from tests.asking import Cast
from tests.people import PASSWORD, token_in
from tests.web.conversations import as_, mailed_link, text_of

PEOPLE = "/organisations/tarn-hospital/people"
NEW = "nia@tarn.example"


@pytest.fixture
def ann(app: Flask, cast: Cast) -> FlaskClient:
    return as_(app, cast.tarn_administrator)


def roles_of(runtime: Runtime, email: str) -> set[str]:
    with runtime.reading_sessions() as session:
        user = accounts.find(session, email)
        return {f"{each.role}@{each.organisation.slug}" for each in user.memberships} if user is not None else set()


def rows(runtime: Runtime) -> tuple[int | None, int | None]:
    with runtime.reading_sessions() as session:
        return tuple(session.scalar(select(func.count()).select_from(each)) for each in (RoleChange, OutboxMessage))


def send(client: FlaskClient, page: str, /, to: str = "", **data: str | list[str]):
    return client.post(to or page, data={"csrf_token": token_in(text_of(client, page)), **data})


def invited(client: FlaskClient, runtime: Runtime) -> str:
    send(client, PEOPLE, email=NEW, roles=["handler"])
    return f"/invitations/{mailed_link(runtime)}"


def test_nothing_is_done_for_another_site(app: Flask, cast: Cast, ann: FlaskClient, runtime: Runtime) -> None:
    link = invited(ann, runtime)
    (answered,) = re.findall(rf'action="({PEOPLE}/invitations/[^"]+)"', text_of(ann, PEOPLE))
    tom = f"{PEOPLE}/{cast.tarn_handler.user_id}"
    before = rows(runtime)
    data = {"email": NEW, "roles": "administrator", "do": "back", "name": "Nia", "password": PASSWORD}
    own = f"/account{answered.removeprefix(PEOPLE)}"
    for path in (PEOPLE, answered, tom, f"{tom}/remove", link, own):
        for forged in ({}, {"csrf_token": "of another session"}):
            assert ann.post(path, data={**data, **forged}).status_code == 400, path
    assert rows(runtime) == before


def test_nobody_gives_more_than_there_is_to_give(cast: Cast, ann: FlaskClient, runtime: Runtime) -> None:
    own, tom = f"{PEOPLE}/{cast.tarn_administrator.user_id}", f"{PEOPLE}/{cast.tarn_handler.user_id}"
    more = {"organisation": "beck-cohort", "slug": "beck-cohort", "user_id": "1", "by_id": "1", "sure": "yes"}
    for role in ("office", "office@northern-data-alliance", "administrator@beck-cohort", "researcher", "visitor", " "):
        for page in (own, tom):
            assert send(ann, page, roles=["administrator", role], **more).status_code == 422, role
        assert send(ann, PEOPLE, email="ada@university.example", roles=["editor", role], **more).status_code == 422, (
            role
        )
    assert send(ann, tom, roles=["editor", "editor"], **more).status_code == 303
    assert roles_of(runtime, "ann@tarn.example") == {"administrator@tarn-hospital"}
    assert roles_of(runtime, "tom@tarn.example") == {"editor@tarn-hospital"}


def test_who_is_here_and_who_is_nowhere_look_the_same(cast: Cast, ann: FlaskClient) -> None:
    def main_of(path: str) -> str:
        answer = ann.get(path)
        assert answer.status_code == 404
        return answer.get_data(as_text=True).partition("<main")[2]

    for page in ("", "/remove"):
        elsewhere = main_of(f"{PEOPLE}/{cast.beck_administrator.user_id}{page}")
        assert elsewhere == main_of(f"{PEOPLE}/{cast.researcher.user_id}{page}") == main_of(f"{PEOPLE}/987654{page}")


def test_whoever_is_signed_in_as_somebody_else_is_told_whose_the_invitation_is(
    app: Flask, cast: Cast, ann: FlaskClient, runtime: Runtime
) -> None:
    link, ben = invited(ann, runtime), as_(app, cast.beck_handler)
    page = text_of(ben, link)
    assert "You are signed in as Ben Holm" in page
    assert f'for <strong class="catalogue-break">{NEW}</strong>' in page
    with runtime.sessions() as session:
        nia = accounts.actor_from(accounts.add(session, NEW, name="Nia Fold", at=clock.now()))
    assert "You are signed in as Ben Holm" in text_of(ben, link)
    # the account of somebody else is neither given the roles nor shown as the one that has them
    assert send(ben, link).location == f"/sign-in?next={link}"
    assert ben.get("/account").status_code == 303
    assert roles_of(runtime, "ben@beck.example") == {"handler@beck-cohort"}
    assert roles_of(runtime, NEW) == set()
    assert "You are signed in as" not in text_of(as_(app, nia), link)


def test_pressing_twice_is_pressing_once(cast: Cast, ann: FlaskClient, runtime: Runtime) -> None:
    tom = f"{PEOPLE}/{cast.tarn_handler.user_id}"
    for page, to, data in (
        (PEOPLE, "", {"email": NEW, "roles": ["handler"]}),
        (PEOPLE, "", {"email": "ada@university.example", "roles": ["editor"]}),
        (PEOPLE, f"{tom}/remove", {}),
    ):
        first, after = send(ann, page, to=to, **data), rows(runtime)
        second = send(ann, page, to=to, **data)
        assert (first.status_code, second.location, rows(runtime)) == (303, first.location, after)


def test_links_lead_where_the_catalogue_is_whatever_a_request_says_it_is_called(
    cast: Cast, ann: FlaskClient, runtime: Runtime
) -> None:
    data = {"csrf_token": token_in(text_of(ann, PEOPLE)), "email": NEW, "roles": "handler", "next": "//evil.example"}
    answer = ann.post(f"{PEOPLE}?next=//evil.example", data=data, headers={"X-Forwarded-Host": "evil.example"})
    assert answer.location.startswith(f"{PEOPLE}?done=")
    with runtime.reading_sessions() as session:
        (letter,) = session.scalars(select(OutboxMessage).where(OutboxMessage.kind == "email.send"))
    assert "evil" not in str(letter.payload)


def test_what_somebody_may_ends_in_every_browser_at_once(app: Flask, cast: Cast, ann: FlaskClient) -> None:
    tom = as_(app, cast.tarn_handler)
    data = {"csrf_token": token_in(text_of(tom, "/account"))}
    assert tom.get("/desk").status_code == 200
    send(ann, PEOPLE, to=f"{PEOPLE}/{cast.tarn_handler.user_id}/remove")
    for path in ("/desk", "/facts", PEOPLE):
        assert tom.get(path).status_code == 403, path
    assert tom.post(PEOPLE, data={**data, "email": NEW, "roles": "administrator"}).status_code == 403


def test_who_has_a_closed_account_is_not_said_to_get_mail(cast: Cast, ann: FlaskClient, runtime: Runtime) -> None:
    with runtime.sessions() as session:
        accounts.set_active(session, "tom@tarn.example", is_active=False)
    answer = send(ann, PEOPLE, to=f"{PEOPLE}/{cast.tarn_handler.user_id}/remove")
    said = text_of(ann, answer.location)
    assert "Tom Rill is removed" in said
    assert "gets a mail" not in said


def test_what_a_colleague_changed_meanwhile_is_not_undone_unseen(
    app: Flask, cast: Cast, ann: FlaskClient, runtime: Runtime
) -> None:
    tom, office = f"{PEOPLE}/{cast.tarn_handler.user_id}", as_(app, cast.office)
    page = text_of(ann, tom)
    assert 'name="before" value="handler"' in page
    send(office, tom, roles=["editor", "handler"], before="handler")
    answer = send(ann, tom, roles=["administrator", "handler"], before="handler")
    assert answer.status_code == 422
    again = answer.get_data(as_text=True)
    assert "Tom Rill is editor and request handler now" in again
    assert roles_of(runtime, "tom@tarn.example") == {"editor@tarn-hospital", "handler@tarn-hospital"}
    # what was chosen is still there, and is saved by saving it once more
    assert re.search(r'value="administrator" checked', again)
    assert 'name="before" value="editor handler"' in again
    assert send(ann, tom, roles=["administrator", "handler"], before="editor handler").status_code == 303
    assert roles_of(runtime, "tom@tarn.example") == {"administrator@tarn-hospital", "handler@tarn-hospital"}
    # the button that was pressed twice
    assert send(ann, tom, roles=["administrator", "handler"], before="editor handler").location == PEOPLE


def test_a_long_list_leads_to_the_invitations_that_are_open(ann: FlaskClient, runtime: Runtime) -> None:
    assert 'href="#invited"' not in text_of(ann, PEOPLE)
    invited(ann, runtime)
    page = text_of(ann, PEOPLE)
    assert re.search(r'href="#invited">1 open invitation<', page)
    assert 'id="invited"' in page
