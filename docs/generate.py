"""Writes the reference that is made from the code; a test fails when it is out of date. Run: make docs."""

from collections.abc import Callable
from dataclasses import fields
from pathlib import Path

from catalogue.config import PREFIX, Settings
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


PAGES: dict[str, Callable[[], str]] = {
    "docs/settings.md": settings_page,
    "docs/workflow.md": workflow_page,
    ".env.example": example_environment,
}


def main() -> None:
    """Write every page."""
    for name, page in PAGES.items():
        (ROOT / name).write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
