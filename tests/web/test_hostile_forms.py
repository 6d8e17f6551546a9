"""What people send who mean no good: links that are no longer theirs, other sites, headers inside of addresses."""

import re
from datetime import timedelta
from typing import NoReturn
from urllib.parse import quote

import pytest
from flask import Flask, abort
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from catalogue import clock
from catalogue.domain.permissions import require
from catalogue.models import OneTimeLink, OutboxMessage, SignIn, User
from catalogue.runtime import Runtime
from catalogue.services import accounts, claims, desk_work, invitations, links, registration, sign_ins
from catalogue.services.enquiry_mail import REPLY_LINK
from catalogue.web.sessions import reading
from tests.asking import UNCLAIMED, Cast
from tests.people import PASSWORD, token_in
from tests.web.conversations import act, as_, asked, moved, text_of, thread_of

pytestmark = pytest.mark.parametrize("databases", ["sqlite", "postgresql"], indirect=True)

DAY = timedelta(days=1)
PATHS = {
    sign_ins.LINK: "/sign-in/link/",
    registration.NEW_ACCOUNT: "/account/confirm/",
    registration.NEW_PASSWORD: "/password/new/",
    REPLY_LINK: "/reply/",
    claims.LINK: "/claims/",
    invitations.LINK: "/invitations/",
}
ELSEWHERE = ("https://evil.example/", "//evil.example", "/\\evil.example", "/\t/evil.example")


def links_of_every_kind(runtime: Runtime, cast: Cast, *, age: timedelta) -> dict[str, str]:
    """A token for each purpose, issued so long ago for a day."""
    asked(runtime, cast, cast.unclaimed_dataset)
    thread = thread_of(runtime, UNCLAIMED).identifier
    at, person = clock.now() - age, cast.researcher.user_id
    with runtime.sessions() as session:
        forward = desk_work.forward(session, cast.office, thread, "rec@fell.example", at=clock.now()).forward_number
        claim = claims.make(session, cast.other_researcher, "fell-and-dale-trust", reason="Mine", at=clock.now())
        invited = _invited(session, cast)
        new = {"email": "new@people.example", "name": "Nia", "affiliation": ""}
        made = {
            sign_ins.LINK: links.issue(session, sign_ins.LINK, at=at, lifetime=DAY, user_id=person),
            registration.NEW_ACCOUNT: links.issue(session, "account", at=at, lifetime=DAY, details=new),
            registration.NEW_PASSWORD: links.issue(session, "password", at=at, lifetime=DAY, user_id=person),
            REPLY_LINK: links.issue(session, REPLY_LINK, thread, at=at, lifetime=DAY, details={"forward": forward}),
            claims.LINK: links.issue(session, claims.LINK, claim.identifier, at=at, lifetime=DAY),
            invitations.LINK: links.issue(session, invitations.LINK, invited, at=at, lifetime=DAY),
        }
        session.commit()
    return made


def _invited(session: Session, cast: Cast) -> str:
    """The identifier of an invitation to Tarn Hospital."""
    somebody = {"email": "nia@tarn.example", "roles": ["handler"]}
    return invitations.invite(session, cast.tarn_administrator, "tarn-hospital", **somebody, at=clock.now()).identifier


def ways_to_open(client: FlaskClient, path: str) -> set[int]:
    """How the page of a link answers whoever looks, and whoever sends its form."""
    data = {
        "csrf_token": token_in(text_of(client, "/password/forgotten")),
        "password": PASSWORD,
        "command": "answer",
        "text": "Words of a stranger",
    }
    return {client.get(path).status_code, client.post(path, data=data).status_code}


def test_a_link_that_ended_opens_nothing(client: FlaskClient, runtime: Runtime, cast: Cast) -> None:
    for purpose, token in links_of_every_kind(runtime, cast, age=DAY).items():
        assert ways_to_open(client, PATHS[purpose] + token) == {410}, purpose
    assert thread_of(runtime, UNCLAIMED).event_count == 3


def test_a_link_opens_what_it_is_for_and_only_as_it_was_sent(client: FlaskClient, runtime: Runtime, cast: Cast) -> None:
    made = links_of_every_kind(runtime, cast, age=timedelta(0))
    for purpose, token in made.items():
        spoilt = [token[:-1], token + "A", token.swapcase(), f"{token}%00", f" {token}"]
        others = [path + token for other, path in PATHS.items() if other != purpose]
        for path in [*others, *(PATHS[purpose] + each for each in spoilt)]:
            assert ways_to_open(client, path) <= {404, 410}, (purpose, path)
    with runtime.reading_sessions() as session:
        assert session.scalar(select(func.count()).where(OneTimeLink.used_at.is_not(None))) == 0
        assert session.scalar(select(func.count()).select_from(SignIn)) == 0
        assert accounts.find(session, "new@people.example") is None
    assert all(client.get(PATHS[purpose] + token).status_code == 200 for purpose, token in made.items())


@pytest.mark.parametrize("target", ELSEWHERE)
def test_a_new_account_leads_to_no_other_site(client: FlaskClient, runtime: Runtime, cast: Cast, target: str) -> None:
    token = links_of_every_kind(runtime, cast, age=timedelta(0))[registration.NEW_ACCOUNT]
    page = text_of(client, f"/account/confirm/{token}?next={quote(target)}")
    assert 'name="next" value="/"' in page
    data = {"csrf_token": token_in(page), "password": PASSWORD, "next": target}
    assert client.post(f"/account/confirm/{token}", data=data).location == "/"


@pytest.mark.parametrize("end", ["\r\nBcc: all@people.example", "\nBcc: all@people.example", "\x00", ",b@c.example"])
def test_nothing_is_put_into_the_headers_of_a_mail(
    app: Flask, client: FlaskClient, runtime: Runtime, cast: Cast, end: str
) -> None:
    asked(runtime, cast, cast.unclaimed_dataset)
    address = f"/desk/{thread_of(runtime, UNCLAIMED).identifier}"
    with runtime.reading_sessions() as session:
        before = session.scalar(select(func.count()).select_from(OutboxMessage))
    answer = act(as_(app, cast.office), address, address, command="forward", address=f"a@b.example{end}")
    assert answer.status_code == 422
    for path in ("/account/new", "/password/forgotten"):
        data = {"csrf_token": token_in(text_of(client, path)), "name": "Ada", "email": f"a@b.example{end}"}
        assert client.post(path, data=data).status_code == 422
    with runtime.reading_sessions() as session:
        assert session.scalar(select(func.count()).select_from(OutboxMessage)) == before


def test_odd_characters_are_harmless_wherever_they_are_written(app: Flask, runtime: Runtime, cast: Cast) -> None:
    odd = "One\x00\x1b[31m\u202e two <script>alert(1)</script>\r\n{{ 7 * 7 }}"
    enquiry = asked(runtime, cast)
    thread = thread_of(runtime, "Tarn Hospital").identifier
    client, address = as_(app, cast.tarn_handler), f"/desk/{thread}"
    assert act(client, address, address, command="note", note=odd).status_code == 303
    assert act(client, address, address, command="answer", text=odd).status_code == 303
    for reader, page in ((cast.tarn_handler, address), (cast.researcher, f"/requests/{enquiry}")):
        shown = text_of(as_(app, reader), page)
        assert "One[31m two &lt;script&gt;alert(1)&lt;/script&gt;\n{{ 7 * 7 }}" in shown
    moved(runtime, cast.researcher, thread, "post", "Thanks")
    assert text_of(client, address).count("<script") == 1


def test_no_address_with_a_control_character_in_it_is_more_than_unknown(app: Flask, cast: Cast) -> None:
    client, wrong = as_(app, cast.office), []
    data = {"csrf_token": token_in(text_of(client, "/requests/new")), "command": "answer", "text": "Words"}
    addresses = [rule for rule in app.url_map.iter_rules() if rule.arguments and rule.endpoint != "static"]
    for rule in addresses:
        path = re.sub(r"<[^<>]*>", "%00", rule.rule)
        for method in (rule.methods or set()) & {"GET", "POST"}:
            answer = client.open(path, method=method, data=data if method == "POST" else None)
            wrong += [f"{method} {path}: {answer.status}"] if answer.status_code >= 500 else []
    assert len(addresses) > 20
    assert wrong == []


def test_what_a_database_cannot_look_for_is_told(new_app: Flask) -> None:
    def look() -> NoReturn:
        reading().scalar(select(func.count()).select_from(OneTimeLink).where(OneTimeLink.subject == "a\x00b"))
        abort(404)

    new_app.add_url_rule("/look", view_func=require("site:read")(look))
    answer = new_app.test_client().get("/look")
    kind = new_app.extensions["catalogue"].engine.dialect.name
    assert answer.status_code == (400 if kind == "postgresql" else 404)


def test_no_log_tells_whose_address_two_took_at_once(new_app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    def take() -> dict[str, str]:
        with new_app.extensions["catalogue"].sessions() as session:
            session.add(User(email="ada@people.example", name="Ada", created_at=clock.now()))
            session.commit()
        return {}

    new_app.add_url_rule("/take", view_func=require("site:read")(take))
    client = new_app.test_client()
    assert [client.get("/take").status_code for _ in range(2)] == [200, 409]
    assert "a change was overtaken by another" in caplog.text
    assert "user_account" in caplog.text
    assert "ada@" not in caplog.text
