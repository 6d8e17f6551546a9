"""A running catalogue and a browser that looks at it; any page that complains fails its test."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import ConsoleMessage, Page, Request, expect

from tests.browser.scripting import ACTION_MILLISECONDS, scripts_allowed
from tests.people import DEMO_PASSWORD

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "microsoft-edge")
# The sandbox refuses to run as root; the rest keeps the browser from calling its maker's hosts.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# of what is in order nothing is told, which is most of what there is to tell
AXE_OPTIONS = {"runOnly": STANDARDS, "resultTypes": ["violations"], "reporter": "no-passes"}
START_SECONDS = 90

expect.set_options(timeout=ACTION_MILLISECONDS)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Start the browser that the system has; none is ever fetched."""
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        pytest.fail(f"no browser among {', '.join(BROWSERS)}; install chromium")
    return {**browser_type_launch_args, "executable_path": found, "args": FLAGS}


@pytest.fixture(scope="session")
def base_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the demonstration, with its sample members and datasets, run as a process of its own."""
    command = ("demo", "--data-dir", "var", "--password", DEMO_PASSWORD)
    with served(tmp_path_factory.mktemp("demonstration"), *command) as address:
        yield address


@contextmanager
def served(folder: Path, *command: str, **settings: str) -> Iterator[str]:
    """Run a command of the catalogue that serves, with these settings, and yield its address once it answers."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    log = folder / "server.log"
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "CATALOGUE_DATA_DIR": str(folder / "var"),
        "CATALOGUE_BASE_URL": address,
        **{f"CATALOGUE_{name.upper()}": value for name, value in settings.items()},
    }
    program = Path(sys.executable).parent / "catalogue"
    with log.open("wb") as output:
        server = subprocess.Popen(
            [program, *command, "--port", str(port)], cwd=folder, env=environment, stdout=output, stderr=output
        )
    try:
        _wait(server, address, log)
        yield address
    finally:
        server.terminate()
        try:
            server.wait(timeout=10)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def _wait(server: "subprocess.Popen[bytes]", address: str, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with urlopen(f"{address}/healthz", timeout=5) as answer:
                if answer.status == 200:
                    return
        except (URLError, OSError):
            time.sleep(0.2)
    pytest.fail(f"the server did not answer at {address}:\n{log.read_text(errors='replace')}")


@pytest.fixture
def page(page: Page, base_url: str) -> Iterator[Page]:
    """A page that may say nothing on its console, fail at nothing and ask no other host."""
    complaints: list[str] = []

    def on_console(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            complaints.append(f"console: {message.text}")

    def on_request(request: Request) -> None:
        if urlsplit(request.url).netloc not in {urlsplit(base_url).netloc, ""}:
            complaints.append(f"asked another host: {request.url}")

    page.set_default_timeout(ACTION_MILLISECONDS)
    page.on("console", on_console)
    page.on("pageerror", lambda error: complaints.append(f"script: {error}"))
    page.on("request", on_request)
    yield page
    assert complaints == []


@pytest.fixture
def check_accessibility() -> Callable[[Page], None]:
    """Try the page against WCAG 2.2 AA and good practice, and that nothing has to be scrolled sideways."""
    axe = Axe()

    def check(page: Page) -> None:
        page.wait_for_load_state()
        with scripts_allowed(page):
            result = axe.run(page, options=AXE_OPTIONS)
        assert result.violations_count == 0, f"{page.url}\n{result.generate_report()}"
        check_width(page)

    return check


def check_width(page: Page) -> None:
    """Try that nothing has to be scrolled sideways."""
    overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert overflow <= 0, f"{page.url} is {overflow} pixels too wide"
