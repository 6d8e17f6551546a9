"""Every address is tried as everybody, and answers as the table of permissions says."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from catalogue.app import create_app
from catalogue.config import Settings
from catalogue.domain.permissions import PERMISSIONS, Role, roles_for
from catalogue.services import accounts
from catalogue.web.actors import permission_of
from tests.databases import Databases
from tests.page_checks import CheckingClient
from tests.people import actor_for, client_of, token_in
from tests.publishing import described, publish

ROOT = Path(__file__).resolve().parent.parent.parent
VALUES = {"identifier": None, "slug": "fell-and-dale-trust", "suffix": "json", "number": 1}
"""What stands in addresses; anything else is a word that names nothing."""
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


@pytest.fixture(scope="module")
def crowded(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """An application with a dataset and somebody of every role."""
    with databases.copy() as url:
        folder = tmp_path_factory.mktemp("crowded")
        app = create_app(Settings(data_dir=str(folder), database_url=url, mail_url=f"file://{folder / 'mail'}"))
        app.test_client_class = CheckingClient
        runtime = app.extensions["catalogue"]
        with runtime.sessions() as session:
            VALUES["identifier"] = publish(session, described("Clinic letters"))
            session.commit()
        yield app
        runtime.engine.dispose()


@pytest.fixture(scope="module")
def clients(crowded: Flask) -> dict[Role, FlaskClient]:
    return {role: client_of(crowded, actor_for(crowded.extensions["catalogue"], role)) for role in Role}


def requests(app: Flask) -> Iterator[tuple[Rule, str, str]]:
    """Yield every address with something in its gaps, and every method that it takes."""
    with app.test_request_context():
        adapter = app.url_map.bind("")
        for rule in app.url_map.iter_rules():
            values = {name: VALUES.get(name, "nothing") for name in rule.arguments}
            path = adapter.build(rule.endpoint, values)
            yield from ((rule, method, path) for method in METHODS if method in (rule.methods or ()))


def test_every_address_states_a_permission_of_the_table(crowded: Flask) -> None:
    stated = {rule.endpoint: permission_of(crowded, rule.endpoint) for rule in crowded.url_map.iter_rules()}
    assert stated
    assert {endpoint: permission for endpoint, permission in stated.items() if permission not in PERMISSIONS} == {}


def test_every_permission_is_asked_for_somewhere() -> None:
    sources = [path for path in (ROOT / "catalogue").rglob("*.py") if path.name != "permissions.py"]
    code = "".join(path.read_text(encoding="utf-8") for path in sources)
    assert [name for name in PERMISSIONS if f'"{name}"' not in code] == []


@pytest.mark.parametrize("role", Role)
def test_every_address_answers_a_role_as_the_table_says(
    crowded: Flask, clients: dict[Role, FlaskClient], role: Role
) -> None:
    client, wrong = clients[role], []
    with crowded.extensions["catalogue"].reading_sessions() as session:
        user = accounts.find(session, f"{role.value}@people.example")
        held = roles_for(accounts.actor_from(user)) if user is not None else {Role.VISITOR}
    for rule, method, path in requests(crowded):
        if rule.endpoint == "sign_in.end":
            continue
        answer = client.open(path, method=method)
        permission = PERMISSIONS[permission_of(crowded, rule.endpoint) or ""]
        sent_to_sign_in = answer.status_code == 303 and answer.location.startswith("/sign-in?")
        sent_to_sign_in |= answer.status_code == 303 and answer.location == "/sign-in"
        refused = sent_to_sign_in if role is Role.VISITOR else answer.status_code == 403
        if refused == bool(permission.anyone & held) or answer.status_code >= 500:
            wrong.append(f"{method} {path} ({permission.name}): {answer.status}")
    assert wrong == []


def test_an_address_without_a_permission_is_refused(tmp_path: Path) -> None:
    app = create_app(Settings(data_dir=str(tmp_path), database_url="sqlite://"))
    app.add_url_rule("/back-door", "back_door", lambda: "open")
    assert app.test_client().get("/back-door").status_code == 303
    app.extensions["catalogue"].engine.dispose()


@pytest.mark.parametrize("role", Role)
def test_nothing_is_changed_without_the_token_of_a_form(
    crowded: Flask, clients: dict[Role, FlaskClient], role: Role
) -> None:
    accepted = []
    for _rule, method, path in requests(crowded):
        if method != "GET":
            answer = clients[role].open(path, method=method, data={"csrf_token": "forged"})
            accepted += [f"{method} {path}: {answer.status}"] if answer.status_code not in {303, 400, 403} else []
    assert accepted == []


def test_the_token_of_a_form_lets_it_through(clients: dict[Role, FlaskClient]) -> None:
    client = clients[Role.RESEARCHER]
    token = token_in(client.get("/account").get_data(as_text=True))
    answer = client.post("/account", data={"csrf_token": token, "name": "Robin Researcher", "affiliation": ""})
    assert answer.location == "/account?saved=details"
