"""Writes the reference that is made from the code; a test fails when it is out of date. Run: make docs."""

from collections.abc import Callable
from dataclasses import fields
from pathlib import Path

from catalogue.config import PREFIX, Settings
from catalogue.domain.permissions import HELD_ROLES, PERMISSIONS, Permission, Role
from docs.dcat import dcat_page
from docs.interface import interface_page
from docs.openapi import openapi_page
from docs.workflow import workflow_page

ROOT = Path(__file__).resolve().parent.parent


def settings_page() -> str:
    """Return the table of all settings."""
    rows = [
        f"| `{PREFIX}{each.name.upper()}` | {_default(each.default)} | {each.metadata['help']} |"
        for each in fields(Settings)
    ]
    return "\n".join(
        [
            "# Settings",
            "",
            "Read once, when a process starts, from the environment. A start with mistakes lists all of them and ends.",
            "`make run` and `make migrate` also read a file `.env` in the checkout; `.env.example` is a start for one.",
            "",
            "| variable | default | meaning |",
            "|---|---|---|",
            *rows,
            "",
        ]
    )


def _default(value: object) -> str:
    return f"`{value}`" if value else "empty"


def example_environment() -> str:
    """Return a file of all settings, each commented out with its default."""
    parts = [f"# {each.metadata['help']}\n#{PREFIX}{each.name.upper()}={each.default}\n" for each in fields(Settings)]
    return "\n".join(["# Copy to .env and uncomment what differs. Never commit the copy.\n", *parts])


def permissions_page() -> str:
    """Return the table of who may do what."""
    rows = [
        f"| `{each.name}` | {each.sentence} | {', '.join(_everyone_in(each))} |"
        for each in sorted(PERMISSIONS.values(), key=lambda each: each.name)
    ]
    return "\n".join(
        [
            "# Permissions",
            "",
            "Every address asks for one of these, and so does every use case that concerns one organisation. An",
            "address that states none is refused to everybody. `catalogue/domain/permissions.py` holds the table.",
            "",
            "Everybody is a visitor, and everybody with an account a researcher. The other roles are held for an",
            "organisation, the alliance office for the alliance: `catalogue users add EMAIL --role ROLE@ORGANISATION`",
            f"with {_listed([f'`{role}`' for role in HELD_ROLES])}. Whoever speaks for one organisation does so for no",
            "other.",
            "",
            "| permission | lets them | who |",
            "|---|---|---|",
            *rows,
            "",
        ]
    )


def _everyone_in(permission: Permission) -> list[str]:
    if Role.VISITOR in permission.who:
        return ["everybody"]
    if Role.RESEARCHER in permission.who:
        return ["everybody with an account"]
    named = [role.label for role in Role if role in permission.who]
    return [*named, f"{Role.OFFICE.label} where nobody has claimed it"] if permission.office_stands_in else named


def _listed(words: list[str]) -> str:
    return f"{', '.join(words[:-1])} or {words[-1]}"


PAGES: dict[str, Callable[[], str]] = {
    "docs/api.md": interface_page,
    "docs/dcat.md": dcat_page,
    "docs/permissions.md": permissions_page,
    "docs/settings.md": settings_page,
    "docs/workflow.md": workflow_page,
    ".env.example": example_environment,
    "schemas/api/openapi.json": openapi_page,
}


def main() -> None:
    """Write every page."""
    for name, page in PAGES.items():
        (ROOT / name).write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
