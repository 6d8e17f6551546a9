"""What a running catalogue is made of, put together once from the settings."""

from dataclasses import dataclass
from pathlib import Path

from flask import current_app
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session, sessionmaker

from catalogue.config import Settings
from catalogue.db import make_engine, make_reading_session_factory, make_session_factory
from catalogue.mail import Mailer, open_mailer
from catalogue.search.backend import SearchBackend
from catalogue.search.opening import open_backend


@dataclass(frozen=True, slots=True)
class Runtime:
    """The parts that use cases are handed: settings, database, search, mail."""

    settings: Settings
    engine: Engine
    sessions: sessionmaker[Session]
    reading_sessions: sessionmaker[Session]
    backend: SearchBackend
    mailer: Mailer

    @classmethod
    def build(cls, settings: Settings, engine: Engine | None = None) -> "Runtime":
        """Put the parts together; nothing is opened until it is used."""
        chosen = engine or make_engine(settings.database)
        synonyms = Path(settings.synonyms_file) if settings.synonyms_file else None
        backend = open_backend(settings.search_url, folder=settings.index_folder, synonyms=synonyms)
        mailer = open_mailer(settings.mail_url, sender=settings.mail_sender, sender_name=settings.site_name)
        return cls(
            settings, chosen, make_session_factory(chosen), make_reading_session_factory(chosen), backend, mailer
        )

    @property
    def locks_folder(self) -> Path:
        """Where the files of locks are, when the database is SQLite."""
        return self.settings.folder / "locks"


def runtime() -> Runtime:
    """The runtime of the application that serves this request."""
    found = current_app.extensions["catalogue"]
    if not isinstance(found, Runtime):
        raise TypeError
    return found
