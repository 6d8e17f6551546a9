"""Visits with and without script. Where none of a page's own runs, the one that tries the page still can.

A context without script would never let it end: it waits for timers, which such a context does not run.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from playwright.sync_api import Browser, CDPSession, Page, Request

ACTION_MILLISECONDS = 20_000
SWITCH = "Emulation.setScriptExecutionDisabled"
TRACES = "document.querySelector('body.js-enabled, body.govuk-frontend-supported') !== null"


@dataclass(frozen=True)
class Switch:
    """What turns the scripts of a page off and on, and what scripts were asked for meanwhile."""

    session: CDPSession
    asked: list[str] = field(default_factory=list)

    def turn(self, *, off: bool) -> None:
        self.session.send(SWITCH, {"value": off})


_switches: dict[Page, Switch] = {}


@contextmanager
def visit(browser: Browser, base_url: str, *, scripts: bool = True) -> Iterator[Page]:
    """Visit in a browser of one's own; without scripts, none of the pages' may have run until the end."""
    context = browser.new_context(base_url=base_url)
    page = context.new_page()
    page.set_default_timeout(ACTION_MILLISECONDS)
    try:
        if not scripts:
            _turn_off(page)
        yield page
        _check_silence(page)
    finally:
        _switches.pop(page, None)
        context.close()


@contextmanager
def scripts_allowed(page: Page) -> Iterator[None]:
    """Let a script try the page, which is as it is without any: what was not begun while it loaded never begins."""
    switch = _switches.get(page)
    if switch is None:
        yield
        return
    _check_silence(page)
    switch.turn(off=False)
    try:
        yield
    finally:
        switch.turn(off=True)
    _check_silence(page)


def _turn_off(page: Page) -> None:
    switch = _switches[page] = Switch(page.context.new_cdp_session(page))

    def note(request: Request) -> None:
        if request.resource_type == "script":
            switch.asked.append(request.url)

    page.on("request", note)
    switch.turn(off=True)


def _check_silence(page: Page) -> None:
    if page in _switches:
        # A page that a click just asked for has no body yet, in which a trace could be.
        page.wait_for_load_state()
        assert not _switches[page].asked, f"scripts were asked for: {_switches[page].asked}"
        assert not page.evaluate(TRACES), f"a script of {page.url} ran"
