"""Settings: read once from the environment, complete or not at all."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

PREFIX = "CATALOGUE_"
SHORTEST_SECRET = 16
NOT_IN_ADDRESS = frozenset(' \t\r\n<>()[],;:"\\')


class SettingsError(Exception):
    """Every mistake in the settings, one sentence each."""

    def __init__(self, mistakes: list[str]) -> None:
        super().__init__("\n".join(mistakes))
        self.mistakes = mistakes


def setting(default: str, help_text: str, *, secret: bool = False) -> Any:  # noqa: ANN401 - stands for a field's default
    """A field of `Settings` with the sentence that documents it; a secret one is never printed."""
    return field(default=default, metadata={"help": help_text, "secret": secret})


@dataclass(frozen=True, slots=True)
class Settings:
    """How this catalogue is set up. Each field is read from `CATALOGUE_` and its name in capitals."""

    data_dir: str = setting("var", "Folder of the database, the search index, uploads and dumps.")
    database_url: str = setting(
        "", "SQLAlchemy address of the database; empty means SQLite in the data folder.", secret=True
    )
    secret_key: str = setting("", "Signs sessions and links; at least 16 characters, kept secret.", secret=True)
    base_url: str = setting("http://127.0.0.1:8000", "Public address of the catalogue, without a slash at the end.")
    search_url: str = setting(
        "",
        "Search engine: opensearchs://user:password@host:9200/prefix, opensearch:// without TLS, or empty for the "
        "embedded Whoosh index in the data folder.",
        secret=True,
    )
    mail_url: str = setting(
        "", "Where mail goes: smtp://, smtps://, file:///folder, or empty to write it to the log.", secret=True
    )
    mail_from: str = setting("", "Address that mail comes from; empty means catalogue@ and the host of BASE_URL.")
    synonyms_file: str = setting("", "File of search synonyms; empty means the one that comes with the catalogue.")
    custodian_aliases_file: str = setting(
        "", "File of other names of custodians, a line each, other name = name; empty means none."
    )
    trusted_proxies: str = setting(
        "0", "How many proxies stand before the catalogue and say in X-Forwarded-For who asked."
    )
    site_name: str = setting("Health Dataset Catalogue", "Name of the catalogue, as pages and messages show it.")
    log_level: str = setting("INFO", "Least severe messages to log: DEBUG, INFO, WARNING or ERROR.")

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> "Settings":
        """Read the settings, or raise `SettingsError` with every mistake at once."""
        source = os.environ if environment is None else environment
        values = {
            each.name: source[PREFIX + each.name.upper()]
            for each in fields(cls)
            if PREFIX + each.name.upper() in source
        }
        settings = cls(**values)
        mistakes = settings.mistakes()
        if mistakes:
            raise SettingsError(mistakes)
        return settings

    def mistakes(self) -> list[str]:
        """What keeps these settings from working, a sentence each."""
        found = []
        if self.secret_key and len(self.secret_key) < SHORTEST_SECRET:
            found.append(f"{PREFIX}SECRET_KEY has fewer than {SHORTEST_SECRET} characters.")
        if urlsplit(self.base_url).scheme not in {"http", "https"} or self.base_url.endswith("/"):
            found.append(f"{PREFIX}BASE_URL must be an http or https address without a slash at the end.")
        if self.database_url and not self.database_url.startswith(("sqlite:", "postgresql")):
            found.append(f"{PREFIX}DATABASE_URL must be a SQLite or PostgreSQL address.")
        found += self._mail_mistakes()
        if not self.trusted_proxies.isdecimal() or len(self.trusted_proxies) > 1:
            found.append(f"{PREFIX}TRUSTED_PROXIES must be a number from 0 to 9.")
        if self.search_url and not self.search_url.startswith(("opensearch://", "opensearchs://")):
            found.append(f"{PREFIX}SEARCH_URL must be empty or like opensearchs://user:password@host:9200/prefix.")
        found += _file_mistakes("SYNONYMS_FILE", self.synonyms_file)
        found += _file_mistakes("CUSTODIAN_ALIASES_FILE", self.custodian_aliases_file)
        if self.log_level not in {"DEBUG", "INFO", "WARNING", "ERROR"}:
            found.append(f"{PREFIX}LOG_LEVEL must be DEBUG, INFO, WARNING or ERROR.")
        return found

    def _mail_mistakes(self) -> list[str]:
        found = []
        try:
            parts = urlsplit(self.mail_url)
            is_complete = not self.mail_url or (
                (parts.scheme == "file" and not parts.netloc and parts.path.startswith("/"))
                or (parts.scheme in {"smtp", "smtps"} and bool(parts.hostname) and parts.port != 0)
            )
        except ValueError:
            is_complete = False
        if not is_complete:
            found.append(
                f"{PREFIX}MAIL_URL must be like smtp://host, smtps://user:password@host:port or file:///folder."
            )
        if is_complete and not unquote(urlsplit(self.mail_url).netloc).isascii():
            found.append(f"{PREFIX}MAIL_URL must have a host, a user and a password without letters beyond ASCII.")
        name, _, host = self.mail_from.partition("@")
        if self.mail_from and not (
            name and host and self.mail_from.isascii() and not set(self.mail_from) & NOT_IN_ADDRESS
        ):
            found.append(f"{PREFIX}MAIL_FROM must be a mail address.")
        return found

    @property
    def mail_sender(self) -> str:
        """The address that mail comes from; a catalogue without a name of its own writes from this machine."""
        host = urlsplit(self.base_url).hostname or ""
        is_name = not host.replace(".", "").isdecimal() and ":" not in host
        return self.mail_from or f"catalogue@{host if is_name else 'localhost'}"

    @property
    def folder(self) -> Path:
        """The data folder as an absolute path."""
        return Path(self.data_dir).resolve()

    @property
    def database(self) -> str:
        """The database's address, with the embedded default filled in."""
        return self.database_url or f"sqlite:///{self.folder / 'catalogue.sqlite'}"

    @property
    def index_folder(self) -> Path:
        """Where the embedded search index lives."""
        return self.folder / "index"


def _file_mistakes(name: str, file: str) -> list[str]:
    """What keeps a file that people write from being read."""
    try:
        if file:
            Path(file).read_text(encoding="utf-8")
    except OSError:
        return [f"{PREFIX}{name}: there is no file that can be read at {file}."]
    except UnicodeDecodeError:
        return [f"{PREFIX}{name}: {file} is not written in UTF-8."]
    return []
