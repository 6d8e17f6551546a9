"""Somebody gets an account and comes back, without script."""

import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import scripting
from tests.people import DEMO_PASSWORD, PASSWORD

MAIL_SECONDS = 60


@contextmanager
def visitor(browser: Browser, base_url: str, *, email: str = "") -> Iterator[Page]:
    """A browser without script, signed in at the demo when an address is given."""
    with scripting.visit(browser, base_url, scripts=False) as page:
        if email:
            sign_in(page, email, DEMO_PASSWORD)
        yield page


def sign_in(page: Page, email: str, password: str) -> None:
    page.goto("/")
    page.get_by_role("link", name="Sign in").click()
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    # to leave before it is answered would be not to sign in
    page.wait_for_url(lambda url: "/sign-in" not in url)


def link_in_mail(office: Page, subject: str, to: str) -> str:
    """Wait until the office finds the mail in the folder, and take the link that stands in it."""
    deadline = time.monotonic() + MAIL_SECONDS
    while time.monotonic() < deadline:
        office.goto("/admin/mail")
        mail = office.locator("li", has_text=to).get_by_role("link", name=subject)
        if mail.count():
            mail.first.click()
            href = office.locator("main a[href*='/account/confirm/']").get_attribute("href")
            assert href
            return href
        time.sleep(0.2)
    pytest.fail(f"no mail {subject!r} to {to}")


def test_an_account_from_the_question_to_the_way_back_in(
    browser: Browser, base_url: str, check_accessibility: Callable[[Page], None]
) -> None:
    with visitor(browser, base_url) as ada, visitor(browser, base_url, email="office@demo.example") as office:
        ada.goto("/search?q=asthma")
        ada.get_by_role("link", name="Sign in").click()
        check_accessibility(ada)
        ada.get_by_role("link", name="Create an account").click()
        check_accessibility(ada)
        ada.get_by_label("Your name").fill("Ada Moss")
        ada.get_by_role("button", name="Send me the link").click()
        expect(ada.get_by_role("link", name="Enter your e-mail address")).to_be_visible()
        expect(ada.get_by_label("Your name")).to_have_value("Ada Moss")
        check_accessibility(ada)
        ada.get_by_label("E-mail address").fill("ada@people.example")
        ada.get_by_role("button", name="Send me the link").click()
        expect(ada.get_by_role("heading", level=1)).to_have_text("Look at your mail")
        check_accessibility(ada)
        ada.goto(link_in_mail(office, "Your account at", "ada@people.example"))
        check_accessibility(office)
        check_accessibility(ada)
        ada.get_by_label("New password", exact=True).fill(PASSWORD)
        ada.get_by_role("button", name="Create the account").click()
        expect(ada).to_have_url(f"{base_url}/search?q=asthma")
        expect(ada.get_by_role("link", name="Ada Moss")).to_be_visible()
        check_accessibility(ada)
        ada.get_by_role("button", name="Sign out").click()
        expect(ada.get_by_role("link", name="Sign in")).to_be_visible()
        ada.goto("/admin/mail")
        expect(ada).to_have_url(re.compile(r"/sign-in\?next="))
        sign_in(ada, "ada@people.example", PASSWORD)
        ada.goto("/admin/mail")
        expect(ada.get_by_role("heading", level=1)).to_have_text("You may not see this page")
        check_accessibility(ada)
