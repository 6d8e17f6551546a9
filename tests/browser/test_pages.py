"""Every kind of page, at the width of a desk and of a telephone, with and without script."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import scripting
from tests.browser.widths import check_at_both_widths

CheckAccessibility = Callable[[Page], None]


def addresses(page: Page) -> list[str]:
    """Find one page of each kind by following the links that a visitor would."""
    page.goto("/")
    found = {"/", "/search", "/search?q=diabetes", "/search?q=zzyzx"}
    found |= {
        link.get_attribute("href") or "/" for link in page.locator("header a[href^='/'], footer a[href^='/']").all()
    }
    page.goto("/search")
    dataset = page.locator("main a[href*='/datasets/']").first.get_attribute("href")
    assert dataset
    page.goto(dataset)
    organisation = page.locator("main a[href*='/organisations/']").first.get_attribute("href")
    assert organisation
    versions = f"{dataset}/versions"
    return sorted(found | {dataset, versions, organisation})


def test_pages_are_accessible_and_fit(page: Page, check_accessibility: CheckAccessibility) -> None:
    for address in addresses(page):
        check_at_both_widths(page, address, check_accessibility)


def test_a_search_works_without_script(
    browser: Browser, base_url: str, check_accessibility: CheckAccessibility
) -> None:
    with scripting.visit(browser, base_url, scripts=False) as page:
        page.goto("/")
        check_accessibility(page)
        page.get_by_role("searchbox").first.fill("diabetes")
        page.keyboard.press("Enter")
        page.wait_for_url("**/search?*")
        check_accessibility(page)
        first = page.locator("main a[href*='/datasets/']").first
        title = first.inner_text()
        first.click()
        expect(page.get_by_role("heading", level=1)).to_have_text(title)
        check_accessibility(page)


def test_a_script_that_runs_is_told_where_none_may(browser: Browser, base_url: str) -> None:
    def visit() -> None:
        with scripting.visit(browser, base_url, scripts=False) as page, scripting.scripts_allowed(page):
            page.goto("/")
            expect(page.locator("body.js-enabled")).to_be_attached()

    with pytest.raises(AssertionError, match=r"scripts were asked for: .*catalogue\.js"):
        visit()


def test_the_first_key_leads_past_the_navigation(page: Page) -> None:
    page.goto("/")
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_text("Skip to main content")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(f"#{page.locator('main').get_attribute('id')}$"))
