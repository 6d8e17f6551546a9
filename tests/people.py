"""People for tests: accounts whose passwords cost nothing to check, and clients that are signed in."""

import re
from datetime import UTC, datetime

from flask import Flask
from flask.testing import FlaskClient

from catalogue import clock
from catalogue.domain.permissions import Role
from catalogue.models import OrganisationKind, User
from catalogue.runtime import Runtime
from catalogue.services import accounts, organisations, sign_ins
from catalogue.services.accounts import HeldRole
from catalogue.services.passwords import Passwords

CHEAP = Passwords(memory_kib=8, rounds=1)
PASSWORD = "harbour lantern moss"
DEMO_PASSWORD = "amber lantern moss"
# not with a reader of pages: what a page is made of is checked when it is got
FIELD, VALUE = re.compile("<input[^>]*>"), re.compile('value="([^"]*)"')
JOINED = datetime(2025, 3, 1, 12, tzinfo=UTC)
ALLIANCE = "North Sea Health Data Alliance"
MEMBER = "Fell and Dale Trust"


def person(runtime: Runtime, email: str, *roles: HeldRole, name: str = "Ada Moss", password: str = PASSWORD) -> User:
    """An account with a password and these roles."""
    with runtime.sessions() as session:
        return accounts.add(session, email, name=name, roles=roles, password=password, hasher=CHEAP, at=JOINED)


def actor_for(runtime: Runtime, role: Role) -> User | None:
    """Somebody who is that and no more, for a member of the catalogue or the alliance; nobody for a visitor."""
    if role is Role.VISITOR:
        return None
    held = {Role.RESEARCHER: (), Role.OFFICE: (HeldRole(role, organisation(runtime, ALLIANCE)),)}
    roles = held[role] if role in held else (HeldRole(role, organisation(runtime, MEMBER)),)
    return person(runtime, f"{role.value}@people.example", *roles, name=f"Robin {role.value.capitalize()}")


def organisation(runtime: Runtime, name: str) -> str:
    """The slug of a member, made when it is not there; the alliance is one by its name."""
    with runtime.sessions() as session:
        found = {each.organisation.name: each.organisation.slug for each in organisations.list_with_datasets(session)}
        if name in found:
            return found[name]
        kind = OrganisationKind.ALLIANCE if name == ALLIANCE else OrganisationKind.CUSTODIAN
        return organisations.add(session, name, kind=kind, at=JOINED).slug


def client_of(app: Flask, user: User | None) -> FlaskClient:
    """A client in which the person is signed in; a visitor's without one."""
    client = app.test_client()
    if user is not None:
        with app.extensions["catalogue"].sessions() as session:
            _, token = sign_ins.open_for(session, accounts.get(session, user.id), at=clock.now())
        with client.session_transaction() as kept:
            kept["_user_id"] = token
    return client


def token_in(page: str) -> str:
    """The token of the first form of a page that changes something."""
    field = next(each for each in FIELD.findall(page) if 'name="csrf_token"' in each)
    return VALUE.findall(field)[0]
