"""Looking at a page at two widths: what both show is checked once, what only the second shows is checked there."""

from collections.abc import Callable

from axe_playwright_python.sync_playwright import AxeResults
from playwright.sync_api import Page, ViewportSize

from tests.browser.conftest import AXE_OPTIONS, check_width

TELEPHONE, DESK = ViewportSize(width=375, height=900), ViewportSize(width=1280, height=900)
REMEMBER = "() => document.querySelectorAll('body *').forEach((each) => each.wasSeen = each.checkVisibility())"
CHECK_THE_REST = """async (options) => {
    const isNew = (each) => each.checkVisibility() && !each.wasSeen;
    const fresh = [...document.querySelectorAll('body *')].filter((each) => isNew(each) && !isNew(each.parentElement));
    const places = await axe.run(document, {...options, runOnly: {type: 'rule', values: ['target-size']}});
    if (!fresh.length) return places;
    const found = await axe.run({include: fresh}, options);
    return {...found, violations: [...places.violations, ...found.violations]};
}"""


def check_at_both_widths(page: Page, address: str, check_accessibility: Callable[[Page], None]) -> None:
    """Go there with a telephone and try all of the page; then try at a desk what only shows or lies closer there."""
    page.set_viewport_size(TELEPHONE)
    page.goto(address)
    check_accessibility(page)
    page.evaluate(REMEMBER)
    page.set_viewport_size(DESK)
    result = AxeResults(page.evaluate(CHECK_THE_REST, AXE_OPTIONS))
    assert result.violations_count == 0, f"{page.url} at a desk\n{result.generate_report()}"
    check_width(page)
