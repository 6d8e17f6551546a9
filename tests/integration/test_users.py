"""`catalogue users`: how operators let people in."""

import json
import os
import pty
import subprocess
import sys
from pathlib import Path
from subprocess import CompletedProcess

import pytest
from sqlalchemy.orm import Session

from catalogue import clock
from catalogue.domain.permissions import Role
from catalogue.services import accounts, sign_ins
from tests.commands import Command, typing_in
from tests.databases import ONCE, opened

pytestmark = ONCE


@pytest.fixture
def environment(database_url: str, tmp_path: Path) -> dict[str, str]:
    return {
        "CATALOGUE_DATA_DIR": str(tmp_path / "data"),
        "CATALOGUE_DATABASE_URL": database_url,
        "CATALOGUE_BASE_URL": "https://catalogue.example",
    }


@pytest.fixture
def catalogue(environment: dict[str, str]) -> Command:
    return typing_in(environment)


def answer(done: CompletedProcess[str], *, status: int = 0) -> dict:
    assert done.returncode == status, done.stderr
    return json.loads(done.stdout)


def test_a_person_with_roles_and_a_password_signs_in(catalogue: Command, database_url: str) -> None:
    answer(catalogue("organisations", "add", "Harbour Trust", "--json"))
    answer(catalogue("organisations", "add", "Coast Alliance", "--alliance", "--json"))
    words = ("users", "add", " Ada@People.Example ", "--name", "Ada Moss", "--role", "handler@harbour-trust")
    added = answer(catalogue(*words, "--password-stdin", "--json", stdin="harbour lantern moss\n"))
    assert added == {
        "email": "ada@people.example",
        "name": "Ada Moss",
        "roles": ["handler@harbour-trust"],
        "active": True,
        "last_sign_in": None,
        "new": True,
        "link": None,
    }
    more = ("users", "add", "ada@people.example", "--name", "Ada", "--role", "office@coast-alliance", "--json")
    assert answer(catalogue(*more))["roles"] == ["handler@harbour-trust", "office@coast-alliance"]
    taken = answer(catalogue("users", "revoke", "ada@people.example", "--role", "handler@harbour-trust", "--json"))
    assert taken["roles"] == ["office@coast-alliance"]
    last = catalogue("users", "revoke", "ada@people.example", "--role", "office@coast-alliance")
    assert (last.returncode, last.stdout) == (2, "")
    assert "Ada Moss is the only person in the office of Coast Alliance." in last.stderr
    with opened(database_url) as engine, Session(engine) as session:
        at = clock.now()
        actor, _ = sign_ins.sign_in(session, "ADA@people.example", "harbour lantern moss", origin="", at=at)
        assert {role for role, _ in actor.roles} == {Role.OFFICE}
    closed = catalogue("users", "close", "ada@people.example", "--json")
    assert answer(closed, status=1)["active"] is False
    assert "Nobody looks after the people of Coast Alliance any more." in closed.stderr
    (listed,) = answer(catalogue("users", "list", "--json"))["items"]
    assert (listed["email"], listed["active"]) == ("ada@people.example", False)
    assert "never" not in catalogue("users", "list").stdout


def test_without_a_password_a_link_is_printed_that_signs_in_once(catalogue: Command, database_url: str) -> None:
    added = answer(catalogue("users", "add", "ada@people.example", "--name", "Ada Moss", "--json"))
    address, _, token = added["link"].rpartition("/")
    assert address == "https://catalogue.example/sign-in/link"
    with opened(database_url) as engine, Session(engine) as session:
        actor, _ = sign_ins.with_link(session, token, at=clock.now())
        assert actor.email == "ada@people.example"
        assert accounts.get(session, actor.user_id).password_hash is None


def test_a_terminal_is_asked_for_the_password_and_does_not_show_it(environment: dict[str, str]) -> None:
    controller, terminal = pty.openpty()
    command = [sys.executable, "-m", "catalogue", "users", "add", "ada@people.example", "--name", "Ada", "--json"]
    # in a session of its own it has no terminal but the one that it is given
    process = subprocess.Popen(
        command,
        env={**os.environ, **environment},
        stdin=terminal,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    assert process.stderr is not None
    said = b""
    for prompt in (b"Password: ", b"confirmation: "):
        while not said.endswith(prompt):
            said += process.stderr.read(1) or pytest.fail(said.decode())
        os.write(controller, b"harbour lantern moss\n")
    out, errors = process.communicate()
    os.close(terminal)
    os.close(controller)
    assert process.returncode == 0, errors
    assert json.loads(out)["link"] is None
    assert b"harbour" not in said + out + errors


MISTAKES = [
    (("add", "ada", "--name", "Ada"), "e-mail address"),
    (("add", "ada@people.example", "--name", " "), "name"),
    (("add", "ada@people.example", "--name", "Ada", "--role", "king@harbour-trust"), "handler"),
    (("add", "ada@people.example", "--name", "Ada", "--role", "handler"), "ROLE@ORGANISATION"),
    (("add", "ada@people.example", "--name", "Ada", "--role", "handler@nowhere"), "nowhere"),
    (("add", "ada@people.example", "--name", "Ada", "--role", "office@harbour-trust"), "--alliance"),
    (("add", "ada@people.example", "--name", "Ada", "--password-stdin"), "12 characters"),
    (("close", "nobody@people.example"), "nobody@people.example"),
    (("revoke", "nobody@people.example"), "--role"),
]


def test_mistakes_are_said_and_nobody_is_added(catalogue: Command) -> None:
    catalogue("organisations", "add", "Harbour Trust")
    for words, said in MISTAKES:
        done = catalogue("users", *words, stdin="short\n")
        assert done.returncode == 2, done.stderr
        assert said in done.stderr
        assert "Traceback" not in done.stderr
    assert answer(catalogue("users", "list", "--json")) == {"items": []}
