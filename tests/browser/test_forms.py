"""Every page on which somebody signs in, asks, answers, claims or decides: as it is, and with its errors."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import check_width
from tests.browser.stage import Stage, stage
from tests.browser.widths import DESK, TELEPHONE
from tests.people import PASSWORD

CheckAccessibility = Callable[[Page], None]


@dataclass(frozen=True)
class Look:
    """A page to look at; with `press`, what comes of its form when nothing is filled in."""

    who: str
    path: str
    press: str = ""
    says: str = "There is a problem"


VISITOR = ""
ADA, EVE, TOM, ANN, BEN, OLU = (
    "ada@university.example",
    "eve@university.example",
    "tom@tarn.example",
    "ann@tarn.example",
    "ben@beck.example",
    "olu@alliance.example",
)
LOOKS = (
    Look(VISITOR, "/sign-in"),
    Look(VISITOR, "/sign-in?next=/requests/new", "Sign in"),
    Look(VISITOR, "/account/new"),
    Look(VISITOR, "/account/new", "Send me the link"),
    Look(VISITOR, "/account/requested"),
    Look(VISITOR, "/account/confirm/{account}"),
    Look(VISITOR, "/account/confirm/{account}", "Create the account"),
    Look(VISITOR, "/password/forgotten"),
    Look(VISITOR, "/password/forgotten", "Send me the link"),
    Look(VISITOR, "/password/asked"),
    Look(VISITOR, "/password/new/{password}"),
    Look(VISITOR, "/password/new/{password}", "Save and sign in"),
    Look(VISITOR, "/sign-in/link/{sign_in}"),
    Look(VISITOR, "/requests/new"),
    Look(VISITOR, "/reply/{reply}"),
    Look(VISITOR, "/reply/{reply}", "Send the answer"),
    Look(VISITOR, "/claims/{claim}"),
    Look(VISITOR, "/invitations/{invitation}"),
    Look(VISITOR, "/invitations/{invitation}", "Accept and create the account"),
    Look(VISITOR, "/invitations/{account_invitation}"),
    Look(VISITOR, "/sources"),
    Look(VISITOR, "/password/new/none"),
    Look(EVE, "/desk"),
    Look(EVE, "/organisations/tarn-hospital/claim"),
    Look(EVE, "/requests"),
    Look(EVE, "/requests/new", "Send the question"),
    Look(EVE, "/organisations/fell-and-dale-trust/claim"),
    Look(EVE, "/organisations/fell-and-dale-trust/claim", "Claim it"),
    Look(EVE, "/organisations/{valleys}/claim"),
    Look(EVE, "/invitations/{account_invitation}"),
    Look(EVE, "/account?saved=details"),
    Look(EVE, "/account", "Save"),
    Look(EVE, "/account/password"),
    Look(EVE, "/account/password", "Save"),
    Look(ADA, "/compare?dataset={short}&dataset={long}"),
    Look(ADA, "/search?q=records&compare={short}&compare={long}"),
    Look(ADA, "/requests"),
    Look(ADA, "/requests/new"),
    Look(ADA, "/requests/new?full=yes"),
    Look(ADA, "/requests/new", "Send the question"),
    Look(ADA, "/requests/{enquiry}/sent"),
    Look(ADA, "/requests/{enquiry}"),
    Look(ADA, "/requests/{enquiry}", "Send"),
    Look(TOM, "/desk"),
    Look(TOM, "/desk?show=waiting"),
    Look(TOM, "/desk?show=answered"),
    Look(TOM, "/desk?show=ended"),
    Look(TOM, "/desk/{late}"),
    Look(TOM, "/desk/{late}", "Send the answer"),
    Look(TOM, "/desk/{late}", "Keep the note"),
    Look(TOM, "/desk/{late}", "Hand it on"),
    Look(TOM, "/desk/{asked_back}?done=reply"),
    Look(TOM, "/desk/{answered}"),
    Look(TOM, "/desk/{ended}"),
    Look(ANN, "/organisations/tarn-hospital/people?done={invited}"),
    Look(ANN, "/organisations/tarn-hospital/people", "Invite"),
    Look(ANN, "/organisations/tarn-hospital/people/{tom}"),
    Look(ANN, "/organisations/tarn-hospital/people/{tom}", "Save"),
    Look(ANN, "/organisations/tarn-hospital/people/{tom}/remove"),
    Look(ANN, "/organisations/tarn-hospital/people/{ann}/remove"),
    Look(BEN, "/desk"),
    Look(OLU, "/desk"),
    Look(OLU, "/desk/{unrouted}"),
    Look(OLU, "/desk/{unrouted}", "Send the link"),
    Look(OLU, "/desk/{forwarded}?done=forward"),
    Look(OLU, "/admin/claims"),
    Look(OLU, "/facts"),
    Look(OLU, "/admin/mail"),
    Look(OLU, "/admin/mail/{mail}"),
)


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with stage(tmp_path_factory.mktemp("stage")) as scene:
        yield scene


@contextmanager
def visitors(browser: Browser, scene: Stage) -> Iterator[Callable[[str], Page]]:
    """Give everybody a browser of their own; Ada's has datasets in it that she has chosen."""
    pages: dict[str, Page] = {}
    with ExitStack() as stack:

        def page_of(who: str) -> Page:
            if who not in pages:
                context = browser.new_context(base_url=scene.address)
                stack.callback(context.close)
                pages[who] = context.new_page()
                _sign_in(pages[who], who)
                for identifier in scene.chosen if who == ADA else ():
                    context.request.post("/requests/basket", form={"add": identifier})
            return pages[who]

        yield page_of


def _sign_in(page: Page, who: str) -> None:
    if who:
        page.goto("/sign-in")
        page.get_by_label("E-mail address").fill(who)
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        page.get_by_role("main").get_by_role("button", name="Sign in").click()
        page.wait_for_url("**/")


def open_look(page: Page, look: Look, scene: Stage) -> None:
    """Go to the page with everything on it unfolded; press its button when nothing is filled in."""
    page.goto(look.path.format(**scene.names))
    if look.press:
        _unfold(page)
        for box in page.locator("main input.govuk-input:visible, main textarea:visible").all():
            box.fill("")
        for box in page.locator("main .govuk-checkboxes__input:checked").all():
            box.uncheck()
        page.get_by_role("main").get_by_role("button", name=look.press, exact=True).first.click()
        expect(page.get_by_text(look.says).first).to_be_visible()
        page.wait_for_load_state()
        assert page.title().startswith("Error: ")
    _unfold(page)


def _unfold(page: Page) -> None:
    page.evaluate("document.querySelectorAll('details').forEach((each) => each.open = true)")


def test_every_form_is_accessible_and_fits_with_and_without_errors(
    browser: Browser, scene: Stage, check_accessibility: CheckAccessibility
) -> None:
    with visitors(browser, scene) as page_of:
        for look in LOOKS:
            page = page_of(look.who)
            page.set_viewport_size(TELEPHONE)
            open_look(page, look, scene)
            check_accessibility(page)
            page.set_viewport_size(DESK)
            check_width(page)
