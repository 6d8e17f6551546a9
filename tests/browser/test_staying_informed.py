"""A visitor finds something, signs in, and keeps it: a saved search, a dataset with a note, something to follow."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.people import DEMO_PASSWORD

PHONE = {"width": 375, "height": 800}


def test_what_a_visitor_finds_is_kept(page: Page, check_accessibility: Callable[[Page], None]) -> None:
    page.goto("/search?q=registry&structure=yes")
    check_accessibility(page)
    page.get_by_role("link", name="Save this search").click()
    page.get_by_label("E-mail address").fill("researcher@demo.example")
    page.get_by_label("Password", exact=True).fill(DEMO_PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    expect(page.get_by_label("Name")).to_have_value("registry with column-level metadata")
    check_accessibility(page)
    page.get_by_label("Name").fill("Registries")
    page.get_by_label("Mail about new results").select_option("Once a week")
    page.get_by_role("button", name="Save the search").click()
    expect(page.get_by_text("“Registries” is saved.")).to_be_visible()
    expect(page.get_by_text("mail: once a week")).to_be_visible()
    page.locator("summary", has_text="Change").click()
    check_accessibility(page)
    page.get_by_role("link", name="Registries", exact=True).click()
    page.wait_for_url("**/search?q=registry&structure=yes")

    page.get_by_role("main").get_by_role("heading", level=2).get_by_role("link").first.click()
    page.wait_for_url("**/datasets/*")
    title = page.get_by_role("heading", level=1).inner_text()
    page.get_by_role("button", name="Add to library").click()
    expect(page.get_by_role("button", name="Remove it")).to_be_visible()
    page.get_by_role("button", name="Follow").click()
    expect(page.get_by_role("button", name="Stop following")).to_be_visible()
    check_accessibility(page)
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Library").click()
    page.get_by_text("Write a note").click()
    page.get_by_label("Your note").fill("Ask about postcodes.")
    page.get_by_role("button", name="Save the note").click()
    expect(page.locator(".catalogue-note")).to_have_text("Ask about postcodes.")
    check_accessibility(page)
    page.get_by_role("button", name="Remove").click()
    page.get_by_role("button", name="Put it back").click()
    expect(page.locator(".catalogue-note")).to_have_text("Ask about postcodes.")

    page.set_viewport_size(PHONE)
    page.get_by_role("link", name="Following").click()
    expect(page.get_by_role("heading", name=title)).to_be_visible()
    check_accessibility(page)
    page.get_by_role("button", name="Stop following").click()
    expect(page.get_by_text("You follow nothing yet.")).to_be_visible()
