"""`catalogue users`: people and what they may do."""

import sys
from typing import Any

import click
from sqlalchemy.orm import Session

from catalogue.cli.root import NEEDS_A_PERSON, WRONG_USE, json_option, load_runtime, root, show, show_table, stop
from catalogue.clock import now
from catalogue.models import User
from catalogue.runtime import Runtime
from catalogue.services import accounts, sign_ins
from catalogue.services.accounts import HeldRole

role_option = click.option(
    "--role", "roles", multiple=True, metavar="ROLE@ORGANISATION", help="administrator, editor, handler or office."
)


@root.group("users")
def group() -> None:
    """Add and list people, and say what they may do."""


@group.command("add")
@click.argument("email")
@click.option("--name", required=True, help="The name that others see.")
@role_option
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
@click.option("--link", "wants_link", is_flag=True, help="Ask for no password; print a link to sign in with once.")
@json_option
def add(
    email: str, name: str, roles: tuple[str, ...], *, password_stdin: bool, wants_link: bool, as_json: bool
) -> None:
    """Add a person by EMAIL, or give roles to one who is there.

    Without a terminal and without a password, the answer has a link that signs in once.
    """
    runtime = load_runtime()
    held = [HeldRole.parse(each) for each in roles]
    with runtime.sessions() as session:
        is_new = accounts.find(session, email) is None
        password = _password(password_stdin=password_stdin, asks=is_new and not wants_link)
        user = accounts.add(session, email, name=name, roles=held, password=password, at=now())
        link = _link(session, runtime, user) if wants_link or (is_new and password is None) else None
        answer = _described(user) | {"new": is_new, "link": link}
    lines = [f"{'Added' if is_new else 'Changed'} {user.email}: {', '.join(answer['roles']) or 'researcher'}."]
    lines += [f"Signs in once, within {sign_ins.LINK_LIFETIME.days} days:", link] if link else []
    show(answer, as_json=as_json, text="\n".join(lines))


@group.command("list")
@json_option
def list_command(*, as_json: bool) -> None:
    """List everybody with an account."""
    with load_runtime().reading_sessions() as session:
        items = [_described(user) for user in accounts.list_all(session)]
    if not as_json:
        items = [item | _in_words(item) for item in items]
    empty = "There are no accounts yet. Add one with: catalogue users add EMAIL --name NAME"
    show_table(items, ("email", "name", "roles", "active", "last_sign_in"), as_json=as_json, empty=empty)


@group.command("revoke")
@click.argument("email")
@role_option
@json_option
def revoke(email: str, roles: tuple[str, ...], *, as_json: bool) -> None:
    """Take roles from the person of EMAIL."""
    if not roles:
        stop("Say which with --role ROLE@ORGANISATION.", status=WRONG_USE)
    with load_runtime().sessions() as session:
        answer = _described(accounts.revoke(session, email, [HeldRole.parse(each) for each in roles], at=now()))
    show(answer, as_json=as_json, text=f"{answer['email']}: {', '.join(answer['roles']) or 'researcher'}.")


@group.command("close")
@click.argument("email")
@json_option
def close(email: str, *, as_json: bool) -> None:
    """Close the account of EMAIL and sign it out; what it did stays.

    The status is 1 when nobody looks after the people of an organisation any more.
    """
    with load_runtime().sessions() as session:
        user = accounts.set_active(session, email, is_active=False)
        answer, alone = _described(user), accounts.left_alone(session, user)
    show(answer, as_json=as_json, text=f"Closed {answer['email']}.")
    if alone:
        names = ", ".join(organisation.name for organisation in alone)
        add_one = "Add somebody with: catalogue users add EMAIL --name NAME --role ROLE@ORGANISATION"
        stop(f"Nobody looks after the people of {names} any more.", add_one, status=NEEDS_A_PERSON)


@group.command("reopen")
@click.argument("email")
@json_option
def reopen(email: str, *, as_json: bool) -> None:
    """Open the account of EMAIL again."""
    with load_runtime().sessions() as session:
        answer = _described(accounts.set_active(session, email, is_active=True))
    show(answer, as_json=as_json, text=f"Opened {answer['email']}.")


def _password(*, password_stdin: bool, asks: bool) -> str | None:
    if password_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    if asks and sys.stdin.isatty():
        return str(click.prompt("Password", hide_input=True, confirmation_prompt=True, err=True))
    return None


def _link(session: Session, runtime: Runtime, user: User) -> str:
    return runtime.settings.base_url + sign_ins.make_link(session, user, at=now())


def _in_words(item: dict[str, Any]) -> dict[str, str]:
    return {
        "roles": ", ".join(item["roles"]),
        "active": "yes" if item["active"] else "no",
        "last_sign_in": item["last_sign_in"] or "never",
    }


def _described(user: User) -> dict[str, Any]:
    return {
        "email": user.email,
        "name": user.name,
        "roles": [f"{each.role}@{each.organisation.slug}" for each in user.memberships],
        "active": user.is_active,
        "last_sign_in": user.last_sign_in_at.isoformat() if user.last_sign_in_at else None,
    }
