"""A researcher hears by mail of a dataset that is harvested later, and ends the mail without signing in.

All of it with the keys of a keyboard alone, and all of it without script, with real mail in between.
"""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import urlopen
from uuid import NAMESPACE_URL, uuid5

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from catalogue import clock, samples
from catalogue.cli.demo import prepare
from catalogue.cli.demo_people import MEMBER
from catalogue.config import Settings
from catalogue.outbox import worker
from catalogue.runtime import Runtime
from catalogue.services import accounts, organisations, sources
from catalogue.services.harvesting import Workplace, run
from harvesters.base import Origin
from tests.browser.conftest import check_width, served
from tests.browser.visiting import Place, click, fill, place_in, press_key, type_keys
from tests.mail_server import mail_server, text_of
from tests.people import CHEAP, PASSWORD

CheckAccessibility = Callable[[Page], None]
SECRET = "not-a-secret-only-for-tests"
KIND = "hdruk"
HOUR = timedelta(hours=1)
PEOPLE = ("ada", "ben")
FACETS = (("Data type", "Health and disease"), ("Custodian", MEMBER), ("Place", "Wales"))
PHONE = {"width": 375, "height": 800}


@dataclass(frozen=True)
class Bay:
    """The samples on a server of their own, whose worker goes when the test says so."""

    place: Place
    runtime: Runtime
    folder: Path

    def harvest(self, title: str) -> None:
        """Let the member publish one more dataset like its first."""
        (member,) = [each for each in samples.members() if each.name == MEMBER]
        document = json.loads(member.generations[-1].read_text(encoding="utf-8"))["dataModels"][0]
        document |= {"identifier": str(uuid5(NAMESPACE_URL, title)), "revisions": []}
        document["summary"] |= {"title": title, "doiName": None}
        path = self.folder / f"{title}.json"
        path.write_text(json.dumps({"count": 1, "dataModels": [document]}), encoding="utf-8")
        with self.runtime.sessions() as session:
            slug = organisations.find_named(session, MEMBER).slug
            source = sources.for_file(
                session, organisation=slug, kind=KIND, name=title, is_aggregator=False, at=clock.now()
            )
        runtime = self.runtime
        harvester = sources.available()[KIND].from_source(Origin(path=path), {})
        report = run(
            Workplace(runtime.engine, runtime.sessions, runtime.locks_folder), source.id, harvester, now=clock.now
        )
        assert report.counts["new"] == 1

    def work(self, *, hours: int) -> None:
        """Do what is due now, and what is so many hours later."""
        worker.run_once(self.runtime, clock.now)
        worker.run_once(self.runtime, lambda: clock.now() + hours * HOUR)

    def mails_to(self, name: str) -> list[EmailMessage]:
        return [mail for mail in self.place.mail.taken if mail["To"] == f"{name}@university.example"]


@pytest.fixture(scope="module")
def bay(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bay]:
    folder = tmp_path_factory.mktemp("bay")
    settings = Settings(data_dir=str(folder / "var"), secret_key=SECRET)
    filled = Runtime.build(settings)
    prepare(filled)
    with filled.sessions() as session:
        for name in PEOPLE:
            address = f"{name}@university.example"
            accounts.add(session, address, name=name.title(), password=PASSWORD, hasher=CHEAP, at=clock.now())
    filled.engine.dispose()
    command = ("serve", "--workers", "1", "--no-outbox")
    with mail_server() as mail, served(folder, *command, secret_key=SECRET, mail_url=mail.url) as address:
        runtime = Runtime.build(Settings(settings.data_dir, base_url=address, mail_url=mail.url, secret_key=SECRET))
        yield Bay(Place(address, mail, browser), runtime, folder)
        runtime.engine.dispose()


def choose(target: Locator, text: str) -> None:
    target.select_option(text)


def choose_by_keys(target: Locator, text: str) -> None:
    type_keys(target, "")
    target.page.keyboard.type(text)
    expect(target.locator("option:checked")).to_have_text(text)


def narrow(page: Page, press: Callable[[Locator], None], look: Callable[[Page], None]) -> None:
    """Search for Wales with a value chosen in each of three facets."""
    page.goto("/search?q=wales")
    for facet, value in FACETS:
        heading = page.get_by_role("heading", name=facet, exact=True)
        part = page.locator(".catalogue-facet", has=heading)
        values = part.get_by_role("link", name=re.compile(f"^{value}"))
        if not values.is_visible():
            press(part.locator("summary").first)
        press(values)
        expect(page.get_by_role("link", name=re.compile(f"Remove.*{value}")).first).to_be_visible()
    look(page)


def compare(page: Page, press: Callable[[Locator], None], look: Callable[[Page], None]) -> None:
    """Put two of the results side by side, and come back."""
    for number in range(2):
        press(page.get_by_role("link", name=re.compile("^Add to comparison")).first)
        expect(page.get_by_text(f"{number + 1} to compare")).to_be_in_viewport()
    address = page.url
    press(page.get_by_role("link", name="Compare them"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Compare 2 datasets")
    look(page)
    page.goto(address.partition("#")[0])


@pytest.mark.parametrize(
    ("name", "scripts"), [("ada", True), ("ben", False)], ids=["with the keyboard", "without script"]
)
def test_news_comes_once_and_ends_when_it_is_told_to(
    bay: Bay, check_accessibility: CheckAccessibility, name: str, scripts: bool
) -> None:
    press, write, select = (press_key, type_keys, choose_by_keys) if scripts else (click, fill, choose)
    fresh = f"Virtual wards in Wales, as {name.title()} waits for them"

    def look(page: Page) -> None:
        """Try the page as it is, and that it fits on a telephone."""
        check_accessibility(page)
        size = page.viewport_size or PHONE
        page.set_viewport_size(PHONE)
        check_width(page)
        page.set_viewport_size(size)

    def sign_in(page: Page) -> None:
        write(page.get_by_label("E-mail address"), f"{name}@university.example")
        write(page.get_by_label("Password", exact=True), PASSWORD)
        press(page.get_by_role("main").get_by_role("button", name="Sign in"))

    with bay.place.visit(scripts=scripts) as page:
        narrow(page, press, look)
        compare(page, press, look)
        found = page.get_by_role("heading", level=1).inner_text()
        press(page.get_by_role("link", name="Save this search"))
        expect(page.get_by_label("E-mail address")).to_be_visible()
        look(page)
        sign_in(page)
        page.get_by_label("Name").fill("")
        write(page.get_by_label("Name"), "Wales")
        select(page.get_by_label("Mail about new results"), "At once")
        look(page)
        press(page.get_by_role("button", name="Save the search"))
        expect(page.get_by_text("“Wales” is saved.")).to_be_visible()
        look(page)
    bay.harvest(fresh)
    bay.work(hours=1)
    (mail,) = bay.mails_to(name)
    assert str(mail["Subject"]) == "1 dataset new or changed: “Wales”"
    with bay.place.visit(scripts=scripts) as page:
        page.goto(place_in(text_of(mail), "/datasets/"))
        expect(page.get_by_role("heading", level=1)).to_have_text(fresh)
        look(page)
        page.goto(place_in(text_of(mail), "/searches/"))
        sign_in(page)
        expect(page.get_by_role("heading", name=fresh)).to_be_visible()
        look(page)
        press(page.get_by_role("link", name="All results", exact=True))
        expect(page.get_by_role("heading", level=1)).not_to_have_text(found)
        expect(page.get_by_role("heading", name=fresh)).to_be_visible()
    end_mail(bay, mail, look, press, scripts=scripts)
    bay.harvest(f"{fresh} again")
    bay.work(hours=2)
    assert bay.mails_to(name) == [mail]


def end_mail(
    bay: Bay, mail: EmailMessage, look: Callable[[Page], None], press: Callable[[Locator], None], *, scripts: bool
) -> None:
    """End it as a person does with the link in it; without script as a mail program does, which sees no page."""
    link = str(mail["List-Unsubscribe"])[1:-1]
    if not scripts:
        with urlopen(link, data=urlencode({"List-Unsubscribe": "One-Click"}).encode(), timeout=20) as answer:
            assert answer.status == 200
        return
    with bay.place.visit(scripts=scripts) as page:
        page.goto(link)
        look(page)
        press(page.get_by_role("button", name="End this mail"))
        expect(page.get_by_role("heading", name="No more mail")).to_be_visible()
        look(page)
