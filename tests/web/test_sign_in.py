"""Coming in and going out, and what strangers can find out on the way."""

from dataclasses import replace
from datetime import timedelta
from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from catalogue import clock
from catalogue.app import create_app
from catalogue.config import Settings
from catalogue.domain.errors import Refused, TooMany
from catalogue.models import Attempt, SignIn, User
from catalogue.runtime import Runtime
from catalogue.services import accounts, links, sign_ins
from catalogue.services.passwords import Passwords
from tests.people import CHEAP, PASSWORD, client_of, person, token_in

WRONG = "The e-mail address and the password do not belong together."


class CountingPasswords(Passwords):
    """Counts how often anything was compared."""

    def __init__(self) -> None:
        super().__init__(memory_kib=8, rounds=1)
        self.compared = 0

    def matches(self, kept: str | None, password: str) -> bool:
        self.compared += 1
        return super().matches(kept, password)


def form(client: FlaskClient, path: str, /, **fields: str):
    """Send a form as a browser does: get its page first, for its token."""
    token = token_in(client.get(path).get_data(as_text=True))
    return client.post(path.partition("?")[0], data={"csrf_token": token, **fields})


def sign_in(client: FlaskClient, password: str = PASSWORD, **fields: str):
    return form(client, "/sign-in", email="ada@people.example", password=password, **fields)


def is_signed_in(client: FlaskClient) -> bool:
    return client.get("/account").status_code == 200


def test_signing_in_leads_back_to_where_one_was_and_shows_who_one_is(client: FlaskClient, runtime: Runtime) -> None:
    person(runtime, "ada@people.example", name="Ada <Moss>")
    refused = client.get("/account?saved=details")
    assert (refused.status_code, refused.location) == (303, "/sign-in?next=/account?saved%3Ddetails")
    page = client.get(refused.location).get_data(as_text=True)
    assert 'name="next" value="/account?saved=details"' in page
    assert sign_in(client, next="/account?saved=details").location == "/account?saved=details"
    page = client.get("/").get_data(as_text=True)
    assert "Ada &lt;Moss&gt;" in page
    assert "Sign out" in page
    assert client.get("/sign-in").location == "/"


def test_the_address_of_an_account_is_the_same_in_any_case(client: FlaskClient, runtime: Runtime) -> None:
    person(runtime, "Ada@People.Example")
    assert form(client, "/sign-in", email=" ADA@people.EXAMPLE ", password=PASSWORD).status_code == 303


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "javascript:alert(1)",
        "evil.example",
        "/ok\r\nSet-Cookie: a=b",
        "",
    ],
)
def test_nobody_is_led_to_another_site(client: FlaskClient, runtime: Runtime, target: str) -> None:
    person(runtime, "ada@people.example")
    assert 'name="next" value="/"' in client.get(f"/sign-in?next={quote(target)}").get_data(as_text=True)
    assert sign_in(client, next=target).location == "/"


def test_a_wrong_password_an_unknown_address_and_a_closed_account_look_the_same(app: Flask, runtime: Runtime) -> None:
    person(runtime, "ada@people.example")
    person(runtime, "closed@people.example")
    new = person(runtime, "new@people.example")
    with runtime.sessions() as session:
        accounts.set_active(session, "closed@people.example", is_active=False)
        accounts.get(session, new.id).password_hash = None
        session.commit()
    pages = set()
    for email in ("ada", "closed", "new", "nobody"):
        answer = form(
            app.test_client(),
            "/sign-in",
            email=f"{email}@people.example",
            password=PASSWORD if email == "closed" else "wrong",
        )
        assert answer.status_code == 422
        page = answer.get_data(as_text=True)
        assert WRONG in page
        pages.add(_without_tokens(page).replace(f"{email}@", "X@"))
    assert len(pages) == 1


def _without_tokens(page: str) -> str:
    kept = [line for line in page.splitlines() if "csrf_token" not in line and "nonce" not in line]
    return "\n".join(kept)


@pytest.mark.parametrize("email", ["ada@people.example", "nobody@people.example", "no address at all"])
def test_as_much_is_compared_for_an_unknown_address(runtime: Runtime, email: str) -> None:
    person(runtime, "ada@people.example")
    counting = CountingPasswords()
    with runtime.sessions() as session, pytest.raises(Refused):
        sign_ins.sign_in(session, email, "wrong", origin="", at=clock.now(), hasher=counting)
    assert counting.compared == 1


def test_what_was_typed_stays_and_the_password_does_not(client: FlaskClient) -> None:
    page = form(client, "/sign-in", email="a&b@people.example", password="").get_data(as_text=True)
    assert 'value="a&amp;b@people.example"' in page
    assert 'href="#password"' in page
    page = form(client, "/sign-in", email="ada@people.example", password="a secret").get_data(as_text=True)
    assert "a secret" not in page


def test_a_sign_in_begins_a_new_session_and_ends_where_it_is_told(client: FlaskClient, runtime: Runtime) -> None:
    person(runtime, "ada@people.example")
    client.get("/sign-in")
    with client.session_transaction() as kept:
        kept["planted"] = "by somebody else"
        before = kept["csrf_token"]
    sign_in(client)
    with client.session_transaction() as kept:
        assert "planted" not in kept
        assert kept.get("csrf_token") != before
        taken = dict(kept)
    assert is_signed_in(client)
    assert form(client, "/account", name="Ada").status_code == 303
    token = token_in(client.get("/account").get_data(as_text=True))
    assert client.post("/sign-out", data={"csrf_token": token}).location == "/"
    assert not is_signed_in(client)
    # the cookie alone, kept by whoever copied it, opens nothing any more
    with client.session_transaction() as kept:
        kept.update(taken)
    assert not is_signed_in(client)


def test_a_sign_in_ends_by_itself(client: FlaskClient, runtime: Runtime) -> None:
    user = person(runtime, "ada@people.example")
    with runtime.sessions() as session:
        long_ago = clock.now() - sign_ins.LIFETIME
        _, old = sign_ins.open_for(session, accounts.get(session, user.id), at=long_ago)
        _, token = sign_ins.open_for(session, accounts.get(session, user.id), at=long_ago + timedelta(minutes=1))
        assert not sign_ins.actor_of(session, old, at=clock.now()).is_signed_in
        assert sign_ins.actor_of(session, token, at=clock.now()).is_signed_in


def test_closing_an_account_ends_its_sign_ins(app: Flask, runtime: Runtime) -> None:
    client = client_of(app, person(runtime, "ada@people.example"))
    assert is_signed_in(client)
    with runtime.sessions() as session:
        accounts.set_active(session, "ada@people.example", is_active=False)
    assert not is_signed_in(client)


@pytest.mark.parametrize(("base_url", "is_secure"), [("http://c.example", False), ("https://c.example", True)])
def test_the_cookie_is_kept_from_scripts_other_sites_and_open_lines(
    settings: Settings, base_url: str, is_secure: bool
) -> None:
    app = create_app(Settings(data_dir=settings.data_dir, database_url=settings.database_url, base_url=base_url))
    cookie = app.test_client().get("/sign-in").headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert ("Secure" in cookie) == is_secure
    app.extensions["catalogue"].engine.dispose()


def test_readers_get_no_cookie_and_pages_of_somebody_are_kept_by_no_cache(app: Flask, runtime: Runtime) -> None:
    for path in ("/", "/search", "/about"):
        assert "Set-Cookie" not in app.test_client().get(path).headers
    client = client_of(app, person(runtime, "ada@people.example"))
    page = client.get("/about")
    assert "private" in page.headers["Cache-Control"]
    assert "Cookie" in page.headers["Vary"]
    assert client.get("/account").headers["Cache-Control"] == "no-store"
    assert app.test_client().get("/sign-in").headers["Cache-Control"] == "no-store"


def test_an_account_takes_so_many_wrong_passwords_and_another_is_not_held_up(
    session: Session, runtime: Runtime
) -> None:
    person(runtime, "ada@people.example")
    person(runtime, "bob@people.example")
    at = clock.now()

    def attempt(password: str, *, email: str = "ada@people.example", later: int = 0) -> None:
        sign_ins.sign_in(session, email, password, origin="203.0.113.9", at=at + timedelta(minutes=later), hasher=CHEAP)

    for _ in range(sign_ins.PER_ACCOUNT):
        with pytest.raises(Refused):
            attempt("wrong")
    with pytest.raises(TooMany):
        attempt(PASSWORD)
    attempt(PASSWORD, email="bob@people.example")
    attempt(PASSWORD, later=16)
    with pytest.raises(Refused):
        attempt("wrong", later=16)


def test_accounts_that_do_not_exist_are_counted_as_well(session: Session) -> None:
    for _ in range(sign_ins.PER_ACCOUNT):
        with pytest.raises(Refused):
            sign_ins.sign_in(session, "nobody@people.example", "x", origin="", at=clock.now(), hasher=CHEAP)
    with pytest.raises(TooMany):
        sign_ins.sign_in(session, "Nobody@people.example", "x", origin="", at=clock.now(), hasher=CHEAP)


@pytest.mark.parametrize(
    ("origins", "is_held_up"),
    [
        (["203.0.113.9"], True),
        (["2001:db8:1:2::1", "2001:db8:1:2:ffff::9"], True),
        (["2001:db8:1:2::1", "2001:db8:1:3::1"], False),
        (["127.0.0.1"], False),
        (["no address"], False),
    ],
)
def test_an_address_is_held_up_and_a_proxy_on_this_machine_is_not(
    session: Session, origins: list[str], is_held_up: bool
) -> None:
    at, refused = clock.now(), 0
    for number in range(sign_ins.PER_ADDRESS + 1):
        try:
            origin = origins[number % len(origins)]
            sign_ins.sign_in(session, f"a{number}@people.example", "x", origin=origin, at=at, hasher=CHEAP)
        except TooMany:
            refused += 1
        except Refused:
            continue
    assert refused == int(is_held_up)


def test_a_success_forgets_the_failures_before_it(session: Session, runtime: Runtime) -> None:
    person(runtime, "ada@people.example")
    for _ in range(3):
        for _ in range(sign_ins.PER_ACCOUNT - 1):
            with pytest.raises(Refused):
                sign_ins.sign_in(session, "ada@people.example", "x", origin="", at=clock.now(), hasher=CHEAP)
        sign_ins.sign_in(session, "ada@people.example", PASSWORD, origin="", at=clock.now(), hasher=CHEAP)
    assert session.scalar(select(func.count()).select_from(Attempt)) == 0


def test_a_success_of_ones_own_does_not_let_one_go_on_with_the_accounts_of_others(
    session: Session, runtime: Runtime
) -> None:
    person(runtime, "ada@people.example")
    at, origin = clock.now(), "203.0.113.9"
    for number in range(sign_ins.PER_ADDRESS):
        sign_ins.sign_in(session, "ada@people.example", PASSWORD, origin=origin, at=at, hasher=CHEAP)
        with pytest.raises(Refused):
            sign_ins.sign_in(session, f"a{number}@people.example", "x", origin=origin, at=at, hasher=CHEAP)
    with pytest.raises(TooMany):
        sign_ins.sign_in(session, "one.more@people.example", "x", origin=origin, at=at, hasher=CHEAP)


def test_too_many_attempts_are_told_on_the_form(client: FlaskClient, runtime: Runtime) -> None:
    for _ in range(sign_ins.PER_ACCOUNT):
        with runtime.sessions() as session, pytest.raises(Refused):
            sign_ins.sign_in(session, "ada@people.example", "x", origin="", at=clock.now(), hasher=CHEAP)
    answer = sign_in(client)
    assert answer.status_code == 422
    assert "too often" in answer.get_data(as_text=True)


def test_a_hash_that_was_cheap_is_made_anew(runtime: Runtime, session: Session) -> None:
    user = person(runtime, "ada@people.example")
    dearer = Passwords(memory_kib=16, rounds=1)
    before = session.get_one(User, user.id).password_hash
    session.commit()
    sign_ins.sign_in(session, "ada@people.example", PASSWORD, origin="", at=clock.now(), hasher=dearer)
    after = session.get_one(User, user.id).password_hash
    assert after != before
    assert after is not None
    assert after.startswith("$argon2id$v=19$m=16,")
    assert not dearer.is_outdated(after)


def test_looking_at_a_one_time_link_leaves_it_good_and_using_it_does_not(
    client: FlaskClient, app: Flask, runtime: Runtime
) -> None:
    user = person(runtime, "ada@people.example")
    with runtime.sessions() as session:
        token = links.issue(session, sign_ins.LINK, at=clock.now(), lifetime=timedelta(days=1), user_id=user.id)
        session.commit()
    path = f"/sign-in/link/{token}"
    for _ in range(2):
        assert app.test_client().get(path).status_code == 200
        assert app.test_client().head(path).status_code == 200
    assert form(client, path).location == "/account"
    assert is_signed_in(client)
    assert client.get(path).status_code == 410
    assert form(app.test_client(), "/sign-in").status_code == 422


def test_a_sign_in_is_kept_as_a_digest(runtime: Runtime) -> None:
    user = person(runtime, "ada@people.example")
    with runtime.sessions() as session:
        _, token = sign_ins.open_for(session, accounts.get(session, user.id), at=clock.now())
        (row,) = session.scalars(select(SignIn))
        assert token not in str(vars(row))


@pytest.mark.parametrize(
    ("proxies", "forwarded", "key"),
    [
        ("0", "203.0.113.7", "address:198.51.100.1"),
        ("1", "203.0.113.7", "address:203.0.113.7"),
        ("1", "192.0.2.66, 203.0.113.7", "address:203.0.113.7"),
        ("2", "203.0.113.7, 192.0.2.1", "address:203.0.113.7"),
    ],
)
def test_who_asks_is_what_our_own_proxies_say(settings: Settings, proxies: str, forwarded: str, key: str) -> None:
    app = create_app(replace(settings, trusted_proxies=proxies, base_url="http://c.example"))
    headers = {"X-Forwarded-For": forwarded, "X-Forwarded-Proto": "https"}
    client = app.test_client()
    client.environ_base["REMOTE_ADDR"] = "198.51.100.1"
    token = token_in(client.get("/sign-in", headers=headers).get_data(as_text=True))
    fields = {"csrf_token": token, "email": "ada@people.example", "password": "x"}
    assert client.post("/sign-in", data=fields, headers=headers).status_code == 422
    with app.extensions["catalogue"].reading_sessions() as session:
        assert key in session.scalars(select(Attempt.key)).all()
    app.extensions["catalogue"].engine.dispose()
