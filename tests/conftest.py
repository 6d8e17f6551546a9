"""What tests ask for by name. A test that uses `engine`, or anything built on it, runs on SQLite and on PostgreSQL."""

import gc
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import fields, replace
from functools import cache
from pathlib import Path

import hypothesis
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session, sessionmaker
from xdist.remote import Producer
from xdist.scheduler import Scheduling

from catalogue.app import create_app
from catalogue.config import PREFIX, Settings
from catalogue.db import make_session_factory
from catalogue.runtime import Runtime
from tests.databases import Databases, SqliteDatabases, engine_on, opened, postgres_server
from tests.page_checks import CheckingClient
from tests.scheduling import SharedTogether

ROOT = Path(__file__).resolve().parent.parent
REFERENCE_DATA = Path(os.environ.get("CATALOGUE_REFERENCE_DATA", ROOT.parent / "shared" / "data"))

# A test never depends on how fast the machine is, nor on luck; HYPOTHESIS_PROFILE=explore looks for new examples.
hypothesis.settings.register_profile("project", deadline=None, derandomize=True, database=None)
hypothesis.settings.register_profile("explore", deadline=None, max_examples=1000)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "project"))

# To look through all that thousands of tests are made of takes its time and finds nothing; ten times as rarely will do.
gc.set_threshold(*gc.get_threshold()[:2], 10 * gc.get_threshold()[2])


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark each test by what it needs, and refuse a unit test that asks for a database or the application."""
    for item in items:
        ring = item.path.relative_to(ROOT / "tests").parts[0]
        if ring == "browser":
            item.add_marker(pytest.mark.browser)
        if getattr(item, "callspec", None) and item.callspec.params.get("databases") == "postgresql":
            item.add_marker(pytest.mark.postgres)
        asked = {"databases", "app"} & set(getattr(item, "fixturenames", ()))
        if asked and ring == "unit":
            raise pytest.UsageError(f"{item.nodeid}: a unit test uses {', '.join(sorted(asked))}; it is not one")
    # the slowest last; what breaks a rule is told before a browser is started. Where several work at a time one begins
    # with the browser, or the others would wait for it at the end
    several = hasattr(config, "workerinput")
    items.sort(key=lambda item: item.get_closest_marker("browser") is not None, reverse=several)


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown() -> None:
    """Refuse to go on among things that no collection looks at: each harvest counts them, for all tests to come."""
    assert gc.get_freeze_count() == 0, "commands are typed with `tests.commands`, which leaves nothing passed over"


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Scheduling | None:
    """Where several run at a time, keep what shares something together."""
    return SharedTogether(config, log) if config.getoption("dist") == "loadgroup" else None


@pytest.fixture(scope="session")
def reference_data() -> Path:
    """The folder of real and hostile documents, which is kept outside the project."""
    if not REFERENCE_DATA.is_dir():
        pytest.skip(f"no reference data at {REFERENCE_DATA}; set CATALOGUE_REFERENCE_DATA")
    return REFERENCE_DATA


@pytest.fixture(scope="session")
def start_databases(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Databases]]:
    """Start a kind of database when the first test asks for it, and keep it until the last."""
    with ExitStack() as started:

        @cache
        def start(kind: str) -> Databases:
            if kind == "sqlite":
                return SqliteDatabases(tmp_path_factory.mktemp("databases"))
            return started.enter_context(postgres_server())

        yield start


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def databases(request: pytest.FixtureRequest, start_databases: Callable[[str], Databases]) -> Databases:
    """Databases of one kind; every test below it runs once a kind."""
    return start_databases(request.param)


@pytest.fixture(scope="session")
def engine(databases: Databases) -> Iterator[Engine]:
    """An engine on a database with all tables, the same all session; change what is in it through `session`."""
    with databases.copy() as url, opened(url) as engine:
        yield engine


@pytest.fixture
def session_factory(engine: Engine) -> Iterator[sessionmaker[Session]]:
    """Sessions inside one transaction that is rolled back after the test; their commits release savepoints."""
    with engine.connect() as connection:
        outer = connection.begin()
        factory = make_session_factory(engine)
        factory.configure(bind=connection, join_transaction_mode="create_savepoint")
        yield factory
        outer.rollback()


@pytest.fixture
def session(session_factory: sessionmaker[Session]) -> Iterator[Session]:
    """A session whose changes nobody else sees; in the web rings, one on the application's database."""
    with session_factory() as session:
        yield session


@pytest.fixture
def database_url(databases: Databases) -> Iterator[str]:
    """The address of a database of the test's own, for what opens connections itself: commands, servers, threads."""
    with databases.copy() as url:
        yield url


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    """Settings of an installation of the test's own; mail that nobody expects goes nowhere, loudly."""
    return Settings(
        data_dir=str(tmp_path / "data"),
        database_url=database_url,
        secret_key="not-a-secret-only-for-tests",
        base_url="http://catalogue.example",
        mail_url="smtp://no-mail-in-tests.invalid",
    )


@pytest.fixture
def environment(settings: Settings) -> dict[str, str]:
    """The same settings as the environment that a command is run in."""
    return {PREFIX + each.name.upper(): str(getattr(settings, each.name)) for each in fields(settings)}


@pytest.fixture(scope="session")
def assembled(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Settings], Flask]:
    """An application for settings that say nothing of places: to compile its rules and templates takes its time."""
    folder = tmp_path_factory.mktemp("assembled")

    @cache
    def assemble(settings: Settings) -> Flask:
        app = create_app(settings)
        app.testing = True
        app.test_client_class = CheckingClient
        return app

    def give(settings: Settings) -> Flask:
        nowhere = {"database_url": "sqlite://", "mail_url": "", "search_url": "", "synonyms_file": ""}
        return assemble(replace(settings, data_dir=str(folder), **nowhere))

    return give


@pytest.fixture
def app(settings: Settings, assembled: Callable[[Settings], Flask]) -> Iterator[Flask]:
    """The application on a database of the test's own; another test had it before, and had other parts in it."""
    app = assembled(settings)
    config = dict(app.config)
    app.extensions["catalogue"] = runtime = Runtime.build(settings, engine_on(settings.database))
    yield app
    runtime.engine.dispose()
    assert dict(app.config) == config, "a test that changes the application needs `new_app`"


@pytest.fixture
def new_app(settings: Settings) -> Iterator[Flask]:
    """An application that nobody had before and nobody has after, for a test that changes it."""
    app = create_app(settings)
    app.testing = True
    app.test_client_class = CheckingClient
    yield app
    app.extensions["catalogue"].engine.dispose()


@pytest.fixture
def runtime(app: Flask) -> Runtime:
    """What the application is made of: its database and its search index."""
    found = app.extensions["catalogue"]
    assert isinstance(found, Runtime)
    return found


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A visitor; every page it gets is checked against the rules of all pages."""
    return app.test_client()


@pytest.fixture(scope="session")
def search_server() -> Iterator[str]:
    """The address of a server that answers like OpenSearch. Tests take a prefix each."""
    osmem = pytest.importorskip("osmem_server", reason="osmem-server is not installed")
    with osmem.OsmemServer.start(japanese=False) as server:
        yield server.url
    server.process.stdout.close()
