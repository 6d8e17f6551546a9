"""`catalogue serve`: answer requests."""

import click
from gunicorn.app.base import BaseApplication

from catalogue.app import create_app
from catalogue.cli.root import COULD_NOT_RUN, load_settings, root, stop
from catalogue.config import Settings
from catalogue.db import make_engine
from catalogue.migrations.running import is_current

THREADS = 4


class Server(BaseApplication):  # type: ignore[misc]  # Gunicorn has no types
    """Gunicorn with threads, configured from here instead of from a file."""

    def __init__(self, settings: Settings, *, host: str, port: int, workers: int) -> None:
        self._settings = settings
        self._options = {
            "bind": f"{'[' + host + ']' if ':' in host else host}:{port}",
            "workers": workers,
            "worker_class": "gthread",
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
        return create_app(self._settings)


@root.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--workers", default=2, show_default=True, type=click.IntRange(1, 64))
def serve(host: str, port: int, workers: int) -> None:
    """Serve the pages."""
    settings = load_settings()
    if not settings.secret_key:
        stop("CATALOGUE_SECRET_KEY is not set. Set it to at least 16 secret characters.", status=COULD_NOT_RUN)
    if not is_current(make_engine(settings.database)):
        stop("The database is not up to date; run: catalogue db upgrade", status=COULD_NOT_RUN)
    Server(settings, host=host, port=port, workers=workers).run()
