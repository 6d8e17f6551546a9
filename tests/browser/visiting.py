"""Visits to a running catalogue with mail, by pointer or by the keys of a keyboard alone, with or without script."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Locator, Page

from tests.browser import scripting
from tests.mail_server import MailServer, text_of
from tests.people import PASSWORD

MAIL_SECONDS = 60
MOST_STEPS = 150
"""Presses of the tabulator within which everything on a page is reached."""


@dataclass(frozen=True)
class Place:
    """A running catalogue, its mail server, and a browser to visit it with."""

    address: str
    mail: MailServer
    browser: Browser

    @contextmanager
    def visit(self, email: str = "", *, scripts: bool = True) -> Iterator[Page]:
        """Visit in a browser of one's own, signed in when an address is given."""
        complaints: list[str] = []
        with scripting.visit(self.browser, self.address, scripts=scripts) as page:
            page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
            if email:
                page.goto("/sign-in")
                page.get_by_label("E-mail address").fill(email)
                page.get_by_label("Password", exact=True).fill(PASSWORD)
                page.get_by_role("main").get_by_role("button", name="Sign in").click()
                page.wait_for_url(f"{self.address}/")
            yield page
        # a form that is refused is told by the browser as a failed page
        assert [text for text in complaints if "422" not in text] == []

    def mail_to(self, address: str, subject: str) -> str:
        """Wait for a mail, and read it."""
        deadline = time.monotonic() + MAIL_SECONDS
        while time.monotonic() < deadline:
            for mail in self.mail.taken:
                if mail["To"] == address and subject in str(mail["Subject"]):
                    return text_of(mail)
            time.sleep(0.2)
        pytest.fail(f"no mail about {subject!r} to {address}: {[(m['To'], m['Subject']) for m in self.mail.taken]}")


def click(target: Locator) -> None:
    target.click()


def fill(target: Locator, text: str) -> None:
    target.fill(text)


def press_key(target: Locator) -> None:
    """Go to it with the tabulator and press it."""
    _reach(target)
    target.page.keyboard.press("Enter")


def type_keys(target: Locator, text: str) -> None:
    """Go to it with the tabulator and type."""
    _reach(target)
    target.page.keyboard.insert_text(text)


def _reach(target: Locator) -> None:
    target.wait_for()
    # a key that is pressed while the rest of the page is still to come goes to where it will not be
    target.page.wait_for_load_state()
    # looked up once: to look for it after each press takes longer than the press
    element = target.element_handle()
    for _ in range(MOST_STEPS):
        target.page.keyboard.press("Tab")
        if element.evaluate("each => each === document.activeElement"):
            return
    pytest.fail(f"no key leads to {target}")


def place_in(mail: str, path: str) -> str:
    """The address in a mail that leads to a path."""
    return next(line for line in mail.splitlines() if line.startswith("http") and path in line)
