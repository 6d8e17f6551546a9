"""What people come for: find, narrow down, judge, compare; with a mouse, with a keyboard alone, with no script."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import scripting

CheckAccessibility = Callable[[Page], None]


@pytest.fixture(params=["with script", "without script"])
def visitor(request: pytest.FixtureRequest, browser: Browser, base_url: str) -> Iterator[Page]:
    """A visitor whose browser runs scripts, and one whose does not."""
    with scripting.visit(browser, base_url, scripts=request.param == "with script") as page:
        yield page


def total(page: Page) -> int:
    found = re.match(r"[\d,]+|No", page.get_by_role("heading", level=1).inner_text())
    assert found
    return 0 if found[0] == "No" else int(found[0].replace(",", ""))


def longest_history(page: Page) -> str:
    """The address of a dataset with several versions, as the first page lists those that changed."""
    page.goto("/")
    changed = page.locator("section", has=page.get_by_role("heading", name="Recently changed"))
    address = changed.get_by_role("link").first.get_attribute("href")
    assert address
    return address


def test_search_narrow_read(visitor: Page, check_accessibility: CheckAccessibility) -> None:
    visitor.goto("/")
    check_accessibility(visitor)
    visitor.get_by_label("Search for datasets").fill("asthma")
    visitor.get_by_role("button", name="Search").click()
    visitor.wait_for_url("**/search?q=asthma")
    everything = total(visitor)
    assert everything > 1
    check_accessibility(visitor)

    place = visitor.locator(".catalogue-facet", has=visitor.get_by_role("heading", name="Place"))
    value = place.get_by_role("link").first
    count = int(value.locator(".catalogue-facet__count").inner_text())
    value.click()
    visitor.wait_for_url("**coverage=**")
    assert total(visitor) == count
    check_accessibility(visitor)

    visitor.get_by_role("list", name="Filters in force").get_by_role("link").first.click()
    visitor.wait_for_url(re.compile(r"q=asthma$"))
    assert total(visitor) == everything

    result = visitor.locator(".catalogue-result__title a").first
    title = result.inner_text()
    result.click()
    expect(visitor.get_by_role("heading", level=1)).to_have_text(title)
    expect(visitor.get_by_role("heading", name="Ask about this dataset")).to_be_attached()
    check_accessibility(visitor)


def test_years_are_typed(visitor: Page, check_accessibility: CheckAccessibility) -> None:
    visitor.goto("/search?q=asthma")
    everything = total(visitor)
    visitor.get_by_label("From").fill("1800")
    visitor.get_by_label("to", exact=True).fill("1801")
    visitor.get_by_role("button", name="Apply years").click()
    visitor.wait_for_url("**from=1800&to=1801**")
    assert total(visitor) < everything
    expect(visitor.get_by_label("Search for datasets")).to_have_value("asthma")
    check_accessibility(visitor)


def test_versions_are_compared(visitor: Page, check_accessibility: CheckAccessibility) -> None:
    visitor.goto(longest_history(visitor))
    visitor.get_by_role("link", name=re.compile(r"versions, with what changed")).click()
    check_accessibility(visitor)
    visitor.get_by_role("button", name="Compare").click()
    compared = visitor.get_by_role("region", name=re.compile(r"From version \d+ to version \d+"))
    expect(compared.locator("ins, del").first).to_be_attached()
    check_accessibility(visitor)


def test_columns_are_found_in_place(page: Page, check_accessibility: CheckAccessibility) -> None:
    page.goto("/search?structure=yes&sort=title")
    page.locator(".catalogue-result__title a").first.click()
    name = page.locator(".catalogue-structure th[scope=row] code").last.text_content()
    assert name
    finder = page.get_by_label("Find a column")
    finder.fill(name)
    status = page.locator(".catalogue-finder__result")
    expect(status).to_contain_text(re.compile(r"\d+ columns? in \d+ tables?"))
    expect(page.locator(".catalogue-structure th[scope=row] code", has_text=name).last).to_be_visible()
    check_accessibility(page)
    finder.fill("zyxwvutsrq")
    expect(status).to_have_text("No column here holds that.")
    finder.fill("")
    expect(status).to_have_text("")


def test_a_keyboard_alone_is_enough(page: Page) -> None:
    page.goto("/")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_label("Search for datasets")).to_be_focused()
    page.keyboard.type("asthma")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=asthma")
    everything = total(page)

    press_until(page, "a.catalogue-facet__value")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"q=asthma&\w+="))
    assert 0 < total(page) <= everything

    press_until(page, ".catalogue-result__title a")
    page.keyboard.press("Enter")
    page.wait_for_url("**/datasets/*")
    press_until(page, ".catalogue-more > summary")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.parentElement.open")


def press_until(page: Page, selector: str) -> None:
    """Press Tab until what is meant has the focus, which must be seen and not be covered."""
    for _ in range(200):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            seen = page.evaluate(
                """() => {
                    const box = document.activeElement.getBoundingClientRect();
                    const top = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
                    return document.activeElement.contains(top) || top.contains(document.activeElement);
                }"""
            )
            assert seen, "what has the focus is covered"
            return
    pytest.fail(f"no key leads to {selector}")


def test_asking_is_in_reach_on_a_telephone(page: Page) -> None:
    page.set_viewport_size({"width": 375, "height": 700})
    page.goto(longest_history(page))
    page.evaluate("window.scrollTo(0, document.body.scrollHeight / 2)")
    bar = page.get_by_role("link", name="Ask about this dataset")
    expect(bar).to_be_in_viewport()
    bar.click()
    expect(page.get_by_role("button", name="Ask a question")).to_be_in_viewport()


def test_pages_with_everything_open_are_accessible(page: Page, check_accessibility: CheckAccessibility) -> None:
    dataset = longest_history(page)
    page.set_viewport_size({"width": 375, "height": 900})
    for address in ("/search?q=asthma", dataset, f"{dataset}/versions?from=1&to=2"):
        page.goto(address)
        page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true")
        check_accessibility(page)
