"""The page on which an organisation's people are looked after, and the one on which an invitation is accepted."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from catalogue.domain.permissions import Role
from catalogue.runtime import Runtime
from catalogue.services import accounts, invitations
from tests.asking import Cast
from tests.people import PASSWORD, token_in
from tests.web.conversations import as_, mailed_link, text_of

PEOPLE = "/organisations/tarn-hospital/people"
NEW = "nia@tarn.example"
VARYING = re.compile(r'csrf_token" value="[^"]*"|nonce="[^"]*"|(?<=invitations/)[\w-]{36}')
PERSON = re.compile(r'href="(/organisations/tarn-hospital/people/\d+)">Change roles<[^>]*> of ([^<]+)<')


@pytest.fixture
def ann(app: Flask, cast: Cast) -> FlaskClient:
    return as_(app, cast.tarn_administrator)


def send(client: FlaskClient, page: str, /, to: str = "", **data: str | list[str]) -> TestResponse:
    return client.post(to or page, data={"csrf_token": token_in(text_of(client, page)), **data})


def invite(client: FlaskClient, *roles: str, email: str = NEW) -> TestResponse:
    return send(client, PEOPLE, email=email, roles=list(roles))


def page_of(client: FlaskClient, name: str) -> str:
    """The address of the page of one person."""
    return {who: path for path, who in PERSON.findall(text_of(client, PEOPLE))}[name]


def roles_of(runtime: Runtime, email: str) -> set[Role]:
    with runtime.reading_sessions() as session:
        user = accounts.find(session, email)
        return {each.role for each in user.memberships} if user is not None else set()


def shown(answer: TestResponse, status: int = 422) -> str:
    assert answer.status_code == status
    return answer.get_data(as_text=True)


def test_an_administrator_sees_everybody_and_is_led_there(ann: FlaskClient, client: FlaskClient) -> None:
    page = text_of(ann, PEOPLE)
    for words in ("Ann Scree", "(you)", "tom@tarn.example", "Organisation administrator", "Request handler"):
        assert words in page
    assert "Ben Holm" not in page
    for leads in ("/organisations/tarn-hospital", "/desk", "/account"):
        assert f'href="{PEOPLE}"' in text_of(ann, leads)
    assert PEOPLE not in text_of(client, "/organisations/tarn-hospital")


def test_it_is_for_its_administrators_and_the_office(
    app: Flask, cast: Cast, runtime: Runtime, ann: FlaskClient
) -> None:
    tom = page_of(ann, "Tom Rill")
    for name, actor in cast.everybody.items():
        client = as_(app, actor)
        is_keeper = name in {"tarn_administrator", "office", "second_office"}
        for path in (PEOPLE, tom, f"{tom}/remove"):
            assert client.get(path).status_code == (200 if is_keeper else 403), (name, path)
        assert (PEOPLE in text_of(client, "/organisations/tarn-hospital")) is is_keeper
        if not is_keeper:
            for path in (PEOPLE, tom, f"{tom}/remove", f"{PEOPLE}/invitations/x"):
                data = {"email": NEW, "roles": "administrator"}
                assert send(client, "/account", to=path, **data).status_code == 403, (name, path)
    assert roles_of(runtime, "tom@tarn.example") == {Role.HANDLER}
    # whom another organisation has is nobody here
    beck = as_(app, cast.beck_administrator)
    elsewhere = tom.replace("tarn-hospital", "beck-cohort")
    assert beck.get(elsewhere).status_code == 404
    assert send(beck, "/account", to=f"{elsewhere}/remove").status_code == 404
    for odd in ("0", "99999999999999999999", "x"):
        assert ann.get(f"{PEOPLE}/{odd}").status_code == 404
    assert app.test_client().get(PEOPLE).location == f"/sign-in?next={PEOPLE}"


def test_an_invitation_is_sent_accepted_and_shown(app: Flask, ann: FlaskClient, runtime: Runtime) -> None:
    page = text_of(ann, invite(ann, "handler", "editor").location)
    assert f"A mail with a link is on its way to {NEW}" in page
    assert "Invited, and not accepted yet" in page
    assert f"Ann Scree invited {NEW} as editor and request handler." in page
    client, link = app.test_client(), f"/invitations/{mailed_link(runtime)}"
    for _ in range(3):
        assert "Join Tarn Hospital" in text_of(client, link)
    refused = shown(send(client, link, name="", affiliation="Tarn Hospital", password="short"))
    for words in ('href="#name"', 'href="#password"', 'value="Tarn Hospital"'):
        assert words in refused
    assert "short" not in refused
    assert send(client, link, name="Nia Fold", password=PASSWORD).location == "/account?saved=joined"
    assert "You have accepted the invitation" in text_of(client, "/account?saved=joined")
    assert roles_of(runtime, NEW) == {Role.HANDLER, Role.EDITOR}
    assert client.get("/desk").status_code == 200
    assert client.get(link).status_code == 410
    page = text_of(ann, PEOPLE)
    assert "Invited, and not accepted yet" not in page
    assert "Nia Fold accepted an invitation" in page


def test_nothing_tells_whether_who_is_invited_has_an_account(ann: FlaskClient, cast: Cast, runtime: Runtime) -> None:
    def seen(email: str) -> list[str]:
        answer = invite(ann, "handler", email=email)
        pages = [text_of(ann, answer.location), text_of(ann, PEOPLE)]
        (path,) = re.findall(rf'action="({PEOPLE}/invitations/[^"]+)"', pages[0])
        again = send(ann, PEOPLE, to=path, do="again")
        (path,) = re.findall(rf'action="({PEOPLE}/invitations/[^"]+)"', text_of(ann, again.location))
        back = send(ann, PEOPLE, to=path, do="back")
        pages += [text_of(ann, again.location), text_of(ann, back.location)]
        assert [answer.status_code, again.status_code, back.status_code] == [303] * 3
        # what was done before is in the list beside it
        pages = [re.sub(r"<aside.*?</aside>", "", each, flags=re.DOTALL) for each in pages]
        return [VARYING.sub("", each).replace(email, "") for each in pages]

    with runtime.sessions() as session:
        accounts.set_active(session, "eve@university.example", is_active=False)
    assert seen("nobody@university.example") == seen("ada@university.example") == seen("eve@university.example")
    assert roles_of(runtime, "ada@university.example") == set()


def test_somebody_with_an_account_signs_in_and_accepts(
    app: Flask, ann: FlaskClient, cast: Cast, runtime: Runtime
) -> None:
    invite(ann, "handler", email="ada@university.example")
    client, link = app.test_client(), f"/invitations/{mailed_link(runtime)}"
    page = text_of(client, link)
    for words in ("Join Tarn Hospital", "Ann Scree", "ann@tarn.example", "Request handler", "Sign in to accept"):
        assert words in page
    # the link without the account gives nothing
    assert send(client, link, name="Ada", password=PASSWORD).location == f"/sign-in?next={link}"
    assert client.get("/account").status_code == 303
    assert roles_of(runtime, "ada@university.example") == set()
    ada = as_(app, cast.researcher)
    (path,) = re.findall(r'action="(/account/invitations/[^"]+)"', text_of(ada, link))
    assert send(ada, link).location == f"/sign-in?next={link}"
    assert ada.get(f"/sign-in?next={link}").location == link
    for _ in range(2):
        assert send(ada, "/account", to=path, do="accept").location == "/account?saved=joined"
    assert roles_of(runtime, "ada@university.example") == {Role.HANDLER}
    assert client.get(link).status_code == 410
    assert "Ada Moss accepted an invitation, and is request handler." in text_of(ann, PEOPLE)


def test_an_invitation_is_found_and_declined_on_ones_own_page(
    app: Flask, ann: FlaskClient, cast: Cast, runtime: Runtime
) -> None:
    ada, eve = as_(app, cast.researcher), as_(app, cast.other_researcher)
    assert "You are invited" not in text_of(ada, "/account")
    invite(ann, "handler", email="ada@university.example")
    page = text_of(ada, "/account")
    for words in ("You are invited", "Tarn Hospital", "Ann Scree", "ann@tarn.example", "Request handler"):
        assert words in page
    assert "You are invited" not in text_of(eve, "/account")
    (path,) = re.findall(r'action="(/account/invitations/[^"]+)"', page)
    assert send(eve, "/account", to=path, do="accept").status_code == 404
    assert send(ada, "/account", to="/account/invitations/x", do="accept").status_code == 404
    # what is typed about oneself is not lost, nor is the invitation
    assert "You are invited" in shown(send(ada, "/account", name=""))
    for _ in range(2):
        assert send(ada, "/account", to=path, do="decline").location == "/account?saved=declined"
    assert send(ada, "/account", to=path, do="accept").status_code == 409
    page = text_of(ada, "/account?saved=declined")
    assert ("You have declined" in page, "You are invited" in page) == (True, False)
    page = text_of(ann, PEOPLE)
    assert "ada@university.example declined the invitation." in page
    assert "Ada Moss" not in page
    assert roles_of(runtime, "ada@university.example") == set()


def test_an_invitation_is_declined_by_its_link(app: Flask, ann: FlaskClient, runtime: Runtime) -> None:
    invite(ann, "handler")
    client, link = app.test_client(), f"/invitations/{mailed_link(runtime)}"
    assert "You have declined" in shown(send(client, link, do="decline"), 200)
    assert client.get(link).status_code == 410
    assert f"{NEW} declined the invitation." in text_of(ann, PEOPLE)
    with runtime.reading_sessions() as session:
        assert accounts.find(session, NEW) is None


def test_an_invitation_of_an_account_that_is_closed_can_only_be_declined(
    app: Flask, ann: FlaskClient, cast: Cast, runtime: Runtime
) -> None:
    invite(ann, "handler", email="ada@university.example")
    with runtime.sessions() as session:
        accounts.set_active(session, "ada@university.example", is_active=False)
    client, link = app.test_client(), f"/invitations/{mailed_link(runtime)}"
    page = text_of(client, link)
    assert ("which is closed" in page, "to accept</button>" in page, ">Decline<" in page) == (True, False, True)
    assert "You have declined" in shown(send(client, link, do="decline"), 200)


def test_errors_are_told_at_once_and_nothing_typed_is_lost(ann: FlaskClient) -> None:
    page = shown(invite(ann, email="nia at tarn"))
    for words in ("Error: People of Tarn Hospital", 'href="#email"', 'href="#roles"', 'value="nia at tarn"'):
        assert words in page
    page = shown(invite(ann, "editor", "king", email="nia@"))
    assert re.search(r'value="editor" checked', page)
    assert "That role is not given here." in page
    for _ in range(invitations.PER_ADDRESS):
        invite(ann, "editor")
    page = shown(invite(ann, "editor"))
    assert "tried too often" in page
    assert f'value="{NEW}"' in page


def test_an_invitation_is_sent_again_and_taken_back(app: Flask, ann: FlaskClient, runtime: Runtime) -> None:
    invite(ann, "handler")
    first = mailed_link(runtime)
    (path,) = re.findall(rf'action="({PEOPLE}/invitations/[^"]+)"', text_of(ann, PEOPLE))
    assert "on its way" in text_of(ann, send(ann, PEOPLE, to=path, do="again").location)
    assert send(ann, PEOPLE, to=path, do="back").status_code == 409
    assert app.test_client().get(f"/invitations/{first}").status_code == 410
    (path,) = re.findall(rf'action="({PEOPLE}/invitations/[^"]+)"', text_of(ann, PEOPLE))
    second = mailed_link(runtime)
    assert "is taken back" in text_of(ann, send(ann, PEOPLE, to=path, do="back").location)
    assert app.test_client().get(f"/invitations/{second}").status_code == 410


def test_the_page_of_ones_own_roles_speaks_to_oneself(ann: FlaskClient) -> None:
    own, other = (text_of(ann, page_of(ann, name)) for name in ("Ann Scree", "Tom Rill"))
    assert ("What you do" in own, "What they do" in own) == (True, False)
    assert "What they do" in other


def test_roles_are_changed(ann: FlaskClient, runtime: Runtime) -> None:
    tom = page_of(ann, "Tom Rill")
    assert re.search(r'value="handler" checked', text_of(ann, tom))
    assert "No role is chosen." in shown(send(ann, tom))
    answer = send(ann, tom, roles=["editor", "administrator"])
    assert "Tom Rill is organisation administrator and editor now" in text_of(ann, answer.location)
    assert roles_of(runtime, "tom@tarn.example") == {Role.EDITOR, Role.ADMINISTRATOR}
    assert send(ann, tom, roles=["editor", "administrator"]).location == PEOPLE


def test_somebody_is_removed_on_a_page_that_says_what_it_means(ann: FlaskClient, app: Flask, cast: Cast) -> None:
    tom = page_of(ann, "Tom Rill")
    client = as_(app, cast.tarn_handler)
    assert client.get("/desk").status_code == 200
    assert "Remove Tom Rill from Tarn Hospital" in text_of(ann, f"{tom}/remove")
    assert client.get("/desk").status_code == 200
    answer = send(ann, f"{tom}/remove")
    assert "Tom Rill is removed, and gets a mail" in text_of(ann, answer.location)
    assert client.get("/desk").status_code == 403
    assert ann.get(tom).status_code == 404


def test_the_last_administrator_is_told_what_to_do_first(
    app: Flask, ann: FlaskClient, cast: Cast, runtime: Runtime
) -> None:
    own = page_of(ann, "Ann Scree")
    for client in (ann, as_(app, cast.office)):
        page = text_of(client, f"{own}/remove")
        assert "Ann Scree is the only administrator of Tarn Hospital. Make somebody else administrator first." in page
        assert f'action="{own}/remove"' not in page
        answer = send(client, own, to=f"{own}/remove")
        assert "Make somebody else administrator first." in shown(answer, 409)
        assert "is the only administrator" in shown(send(client, own, roles=["editor"], sure="yes"))
    assert roles_of(runtime, "ann@tarn.example") == {Role.ADMINISTRATOR}


def test_nobody_locks_themselves_out_without_ticking_a_box(ann: FlaskClient, runtime: Runtime) -> None:
    own, tom = page_of(ann, "Ann Scree"), page_of(ann, "Tom Rill")
    send(ann, tom, roles=["administrator"])
    page = shown(send(ann, own, roles=["editor"]))
    assert 'name="sure"' in page
    assert re.search(r'value="editor" checked', page)
    assert "Leave Tarn Hospital" in text_of(ann, f"{own}/remove")
    assert send(ann, own, roles=["editor"], sure="yes").location == "/account?saved=left"
    assert ann.get(PEOPLE).status_code == 403
    assert roles_of(runtime, "ann@tarn.example") == {Role.EDITOR}
