"""`catalogue serve`: answer requests."""

import logging

import click
from gunicorn.app.base import BaseApplication

from catalogue import collector
from catalogue.app import LOG_FORMAT, create_app
from catalogue.cli.root import COULD_NOT_RUN, load_settings, root, stop
from catalogue.cli.serving import LONGEST_REQUEST_LINE, Worker
from catalogue.cli.supervision import Supervisor
from catalogue.config import Settings
from catalogue.db import make_engine
from catalogue.migrations.state import is_current
from catalogue.runtime import Runtime

THREADS = 4


class Server(BaseApplication):  # type: ignore[misc]  # Gunicorn has no types
    """Gunicorn with threads, configured from here instead of from a file, with a worker of the outbox beside it."""

    def __init__(self, settings: Settings, *, host: str, port: int, workers: int, has_outbox: bool = True) -> None:
        self._settings = settings
        self._has_outbox = has_outbox
        self._options = {
            "bind": f"{'[' + host + ']' if ':' in host else host}:{port}",
            "workers": workers,
            "worker_class": Worker,
            "limit_request_line": LONGEST_REQUEST_LINE,
            "threads": THREADS,
            "accesslog": None,
            "loglevel": "warning",
            "control_socket_disable": True,
        }
        super().__init__()

    def load_config(self) -> None:
        """Take the options that Gunicorn knows."""
        for name, value in self._options.items():
            if name in self.cfg.settings:
                self.cfg.set(name, value)

    def load(self) -> object:
        """Make the application in the worker, so that no connection is shared between processes."""
        with collector.paused():
            app = create_app(self._settings)
        collector.pass_over_what_is_there()
        return app

    def run(self) -> None:
        """Serve until told to end."""
        if self._has_outbox:
            Supervisor(self, lambda: Runtime.build(self._settings)).run()
        else:
            super().run()


@root.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--workers", default=2, show_default=True, type=click.IntRange(1, 64))
@click.option("--outbox/--no-outbox", default=True, show_default=True, help="Also index and mail what changes.")
def serve(host: str, port: int, workers: int, *, outbox: bool) -> None:
    """Serve the pages, and do what changes leave to be done: index them, send mail."""
    settings = load_settings()
    if not settings.secret_key:
        stop("CATALOGUE_SECRET_KEY is not set. Set it to at least 16 secret characters.", status=COULD_NOT_RUN)
    engine = make_engine(settings.database)
    if not is_current(engine):
        stop("The database is not up to date; run: catalogue db upgrade", status=COULD_NOT_RUN)
    # No connection is to be shared with the processes that are forked from this one.
    engine.dispose()
    logging.basicConfig(level=settings.log_level, format=LOG_FORMAT)
    Server(settings, host=host, port=port, workers=workers, has_outbox=outbox).run()
