"""Suggestions by keyboard, datasets chosen and put side by side, filters that unfold."""

import re
from collections.abc import Callable

from playwright.sync_api import Browser, Page, expect

from tests.browser import scripting

CheckAccessibility = Callable[[Page], None]


def test_a_suggestion_is_chosen_by_keyboard(page: Page, check_accessibility: CheckAccessibility) -> None:
    page.goto("/")
    box = page.get_by_role("combobox", name="Search for datasets")
    box.press_sequentially("asth")
    options = page.get_by_role("option")
    expect(options.first).to_be_visible()
    expect(box).to_have_attribute("aria-expanded", "true")
    check_accessibility(page)
    box.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    expect(box).to_have_attribute("aria-activedescendant", options.first.get_attribute("id") or "")
    check_accessibility(page)
    box.press("ArrowUp")
    expect(box).not_to_have_attribute("aria-activedescendant", re.compile(".*"))
    box.press("Escape")
    expect(options).to_have_count(0)
    expect(box).to_have_value("asth")
    box.press("ArrowDown")
    keyword = page.get_by_role("option").filter(has_text="Keyword").first
    expect(keyword).to_be_visible()
    for _ in range(20):
        box.press("ArrowDown")
        if keyword.get_attribute("aria-selected") == "true":
            break
    count = re.search(r"(\d+) dataset", keyword.inner_text())
    assert count
    box.press("Enter")
    page.wait_for_url("**/search?keyword=*")
    expect(page.get_by_role("heading", level=1)).to_contain_text(f"{count[1]} dataset")


def test_what_is_typed_is_searched_when_no_suggestion_is_chosen(page: Page) -> None:
    page.goto("/search")
    box = page.get_by_role("combobox", name="Search for datasets")
    box.press_sequentially("asth")
    expect(page.get_by_role("option").first).to_be_visible()
    box.press("Enter")
    page.wait_for_url("**/search?q=asth")


def test_datasets_are_compared(page: Page, check_accessibility: CheckAccessibility) -> None:
    page.goto("/search?q=asthma&view=table")
    check_accessibility(page)
    for number in range(3):
        page.get_by_role("link", name=re.compile("^Add to comparison")).first.click()
        expect(page.get_by_text(f"{number + 1} to compare")).to_be_in_viewport()
    check_accessibility(page)
    page.get_by_role("link", name="Compare them").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Compare 3 datasets")
    check_accessibility(page)
    page.set_viewport_size({"width": 375, "height": 800})
    check_accessibility(page)
    page.get_by_role("list", name="Datasets compared").get_by_role("link").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Compare 2 datasets")


def test_datasets_are_compared_without_script(
    browser: Browser, base_url: str, check_accessibility: CheckAccessibility
) -> None:
    with scripting.visit(browser, base_url, scripts=False) as page:
        page.goto("/search")
        page.get_by_role("link", name=re.compile("^Add to comparison")).first.click()
        expect(page.get_by_text("1 to compare")).to_be_in_viewport()
        check_accessibility(page)
        page.get_by_role("navigation", name="Pages of results").get_by_role("link", name=re.compile("Next")).click()
        page.wait_for_url("**page=2*")
        check_accessibility(page)
        page.get_by_role("link", name=re.compile("^Add to comparison")).first.click()
        page.get_by_role("link", name="Compare them").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Compare 2 datasets")
        check_accessibility(page)
        # one below the other on a telephone, each value with the name of its dataset
        page.set_viewport_size({"width": 375, "height": 800})
        expect(page.locator(".catalogue-sides__name").first).to_be_visible()
        check_accessibility(page)


def test_all_values_of_a_facet_are_searched(page: Page, check_accessibility: CheckAccessibility) -> None:
    page.goto("/search")
    facet = page.locator(".catalogue-facet", has=page.get_by_role("heading", name="Keyword"))
    facet.locator("summary").first.click()
    facet.get_by_role("link", name=re.compile("Search all .* values")).click()
    check_accessibility(page)
    page.get_by_label("Find in this list").fill("asth")
    page.get_by_role("button", name="Find").click()
    value = page.locator("a.catalogue-facet__value").first
    expect(value).to_contain_text(re.compile("asth", re.IGNORECASE))
    value.click()
    page.wait_for_url("**/search?keyword=*")
