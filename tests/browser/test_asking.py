"""A question is asked of two custodians and answered, and an organisation is claimed, with real mail in between.

The first is done with and without script, the second with the keys of a keyboard alone.
"""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from catalogue.config import Settings
from catalogue.migrations.running import upgrade
from catalogue.runtime import Runtime
from catalogue.services import accounts, indexing
from tests.asking import TARN, UNCLAIMED, gather, somebody
from tests.browser.conftest import served
from tests.browser.visiting import Place, click, fill, place_in, press_key, type_keys
from tests.mail_server import mail_server, text_of
from tests.people import CHEAP, PASSWORD
from tests.publishing import custodian

CheckAccessibility = Callable[[Page], None]


@pytest.fixture
def place(browser: Browser, tmp_path: Path) -> Iterator[Place]:
    settings = Settings(data_dir=str(tmp_path / "var"), secret_key="not-a-secret-only-for-tests")
    runtime = Runtime.build(settings)
    upgrade(runtime.engine)
    with runtime.sessions() as session:
        cast = gather(session)
        custodian(session, UNCLAIMED).contact_point = "data@fell.example"
        fay = somebody(session, "fay@fell.example", "Fay Gill")
        for actor in (*cast.everybody.values(), fay):
            accounts.set_password(session, accounts.get(session, actor.user_id), PASSWORD, hasher=CHEAP)
        session.commit()
        indexing.rebuild(session, runtime.backend)
    runtime.engine.dispose()
    with (
        mail_server() as mail,
        served(tmp_path, "serve", "--workers", "1", secret_key=settings.secret_key, mail_url=mail.url) as address,
    ):
        yield Place(address, mail, browser)


def ask(
    page: Page,
    *,
    before_signing_in: Callable[[Page], None] = lambda _: None,
    press: Callable[[Locator], None] = click,
    write: Callable[[Locator, str], None] = fill,
) -> None:
    """Choose two datasets as a visitor, write, sign in, and send."""
    page.goto("/search?q=records")
    for name in (TARN, UNCLAIMED):
        press(page.get_by_role("button", name=re.compile(f"Add to enquiry.*Records of {name}")))
        expect(page.get_by_role("button", name=re.compile(f"Remove.*Records of {name}"))).to_be_visible()
    press(page.get_by_role("link", name="Ask about them"))
    write(page.get_by_label("Title of your project"), "Asthma after the flood")
    write(page.get_by_label("Your question"), "How many children under five?\n\nWe link schools.")
    before_signing_in(page)
    press(page.get_by_role("button", name="Sign in to send it"))
    write(page.get_by_label("E-mail address"), "ada@university.example")
    write(page.get_by_label("Password", exact=True), PASSWORD)
    press(page.get_by_role("main").get_by_role("button", name="Sign in"))
    page.wait_for_url("**/requests/new")
    expect(page.get_by_label("Your question")).to_have_value(re.compile("We link schools."))
    press(page.get_by_role("button", name="Send the question"))
    page.wait_for_url("**/sent")


@pytest.mark.parametrize("scripts", [True, False], ids=["with script", "without script"])
def test_one_question_is_answered_by_two_custodians(
    place: Place, check_accessibility: CheckAccessibility, scripts: bool
) -> None:
    def check(page: Page) -> None:
        page.set_viewport_size({"width": 375, "height": 900})
        check_accessibility(page)

    with place.visit(scripts=scripts) as page:
        ask(page, before_signing_in=check)
        check(page)
        expect(page.get_by_text("the alliance desk reads it")).to_be_visible()
        page.get_by_role("link", name="See your question").click()
        page.wait_for_url(lambda url: not url.endswith("/sent"))
        check(page)
        question = page.url
    with place.visit("tom@tarn.example", scripts=scripts) as page:
        page.goto(place_in(place.mail_to("tom@tarn.example", "A new question"), "/desk/"))
        page.get_by_role("button", name="Send the answer").click()
        expect(page.get_by_text("There is a problem")).to_be_visible()
        check(page)
        page.get_by_label("Your answer").fill("About 4,200.")
        page.get_by_role("button", name="Send the answer").click()
        expect(page.get_by_text("Your answer was sent")).to_be_visible()
        check(page)
        page.goto("/desk?show=answered")
        check(page)
    with place.visit("olu@alliance.example", scripts=scripts) as page:
        page.goto("/desk")
        check(page)
        page.get_by_role("link", name="Asthma after the flood").click()
        page.get_by_text("Forward it by mail").click()
        page.get_by_label("E-mail address").fill("records@fell.example")
        check(page)
        page.get_by_role("button", name="Send the link").click()
        expect(page.get_by_text("The link is on its way")).to_be_visible()
    with place.visit(scripts=scripts) as page:
        page.goto(place_in(place.mail_to("records@fell.example", "has a question"), "/reply/"))
        check(page)
        page.get_by_label("Your answer").fill("We have 30, on paper.")
        page.get_by_role("button", name="Send the answer").click()
        expect(page.get_by_text("Thank you.")).to_be_visible()
        check(page)
    with place.visit("ada@university.example", scripts=scripts) as page:
        place.mail_to("ada@university.example", f"{UNCLAIMED} has answered")
        page.goto(question)
        expect(page.get_by_text("About 4,200.")).to_be_visible()
        expect(page.get_by_text("We have 30, on paper.")).to_be_visible()
        check(page)
        page.goto("/requests")
        check(page)
    assert set(place.mail.counts.values()) == {1}
    told = [
        (str(mail["To"]).partition("@")[0], str(mail["Subject"]).strip().rpartition(" (")[0])
        for mail in place.mail.taken
    ]
    assert sorted(told) == sorted(
        [
            ("ada", "Your question was sent"),
            ("ada", f"Your question was passed on to {UNCLAIMED}"),
            ("ada", f"{TARN} has answered your question"),
            ("ada", f"{UNCLAIMED} has answered your question"),
            ("tom", f"A new question for {TARN}"),
            ("olu", f"A question for {UNCLAIMED} lies on the alliance desk"),
            ("oda", f"A question for {UNCLAIMED} lies on the alliance desk"),
            ("oda", f"A question for {UNCLAIMED} was passed on"),
            ("records", f"A researcher has a question about data of {UNCLAIMED}"),
        ]
    )
    assert not any("4,200" in text_of(mail) or "schools" in text_of(mail) for mail in place.mail.taken)


def test_an_organisation_is_claimed_and_its_questions_come_along(
    place: Place, check_accessibility: CheckAccessibility
) -> None:
    with place.visit() as page:
        ask(page, press=press_key, write=type_keys)
    with place.visit("fay@fell.example") as page:
        page.goto("/organisations/fell-and-dale-trust")
        press_key(page.get_by_role("link", name="Do you work here? Claim it"))
        press_key(page.get_by_role("button", name="Claim it"))
        expect(page.get_by_text("There is a problem")).to_be_visible()
        check_accessibility(page)
        type_keys(page.get_by_label("What you do there"), "I run the registry.")
        press_key(page.get_by_role("button", name="Claim it"))
        expect(page.get_by_text("A link went to data@fell.example")).to_be_visible()
        check_accessibility(page)
    with place.visit("olu@alliance.example") as page:
        page.goto("/admin/claims")
        expect(page.get_by_text("I run the registry.")).to_be_visible()
        check_accessibility(page)
    with place.visit() as page:
        page.goto(place_in(place.mail_to("data@fell.example", "Does Fay Gill speak"), "/claims/"))
        check_accessibility(page)
        press_key(page.get_by_role("button", name="Yes, confirm it"))
        expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
        check_accessibility(page)
    with place.visit("fay@fell.example") as page:
        page.goto(place_in(place.mail_to("fay@fell.example", "You are the administrator"), "/desk"))
        expect(page.get_by_text("Fell and Dale Trust, 1 dataset")).to_be_visible()
        press_key(page.get_by_role("link", name="Asthma after the flood"))
        type_keys(page.get_by_label("Your answer"), "We have 30.")
        press_key(page.get_by_role("button", name="Ask back instead"))
        expect(page.get_by_text("It is the researcher's turn")).to_be_visible()
    place.mail_to("ada@university.example", f"{UNCLAIMED} asks you something")
    assert set(place.mail.counts.values()) == {1}
