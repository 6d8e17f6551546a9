"""What a source asks for before it answers: an API key or a token, kept outside the database.

The options of a source name an environment variable or a file; only the harvester reads what is in it, when it
runs. Both names are confined, because an option can come from a form: a source must not be able to have the
catalogue's own secrets, or any other file of the machine, sent to its server.
"""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from marshmallow import ValidationError, fields, validate, validates_schema

from harvesters.base import Settings
from harvesters.errors import GatherError

VARIABLES: Final = "HARVEST_"
"""What the names of variables with secrets begin with."""
FOLDER_VARIABLE: Final = "HARVEST_SECRETS"
"""Names the folder of files with secrets."""
DEFAULT_FOLDER: Final = "/run/secrets"
LONGEST: Final = 8192
_VARIABLE: Final = re.compile(rf"{VARIABLES}[A-Z0-9_]{{1,80}}\Z")
_FILE: Final = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}\Z")
_USABLE: Final = re.compile(r"[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?\Z")


class Auth(StrEnum):
    """How a source is asked: the three kinds of HDR UK's contract for custodians."""

    NONE = "none"
    API_KEY = "api_key"
    BEARER = "bearer"


class CredentialSettings(Settings):
    """Options of a kind of source that may ask for a secret."""

    auth = fields.String(
        validate=validate.OneOf([each.value for each in Auth], error="Choose one of: {choices}."),
        metadata={
            "label": "Way to sign in",
            "help": "none; api_key, sent in the header apikey; or bearer, a token in the header Authorization.",
        },
    )
    secret_env = fields.String(
        validate=validate.Regexp(_VARIABLE, error=f"Name a variable that begins with {VARIABLES}, in capitals."),
        metadata={
            "label": "Variable with the secret",
            "help": f"Name of the environment variable that holds the key or token; it begins with {VARIABLES}.",
        },
    )
    secret_file = fields.String(
        validate=validate.Regexp(_FILE, error="Give the file's name alone, without a folder."),
        metadata={
            "label": "File with the secret",
            "help": f"Name of a file in the folder {DEFAULT_FOLDER}, or in the one that {FOLDER_VARIABLE} names.",
        },
    )

    @validates_schema
    def check_secret(self, data: Mapping[str, Any], **_: object) -> None:
        """A way to sign in needs one secret, and a secret a way to sign in."""
        named = [name for name in ("secret_env", "secret_file") if name in data]
        if data.get("auth", Auth.NONE) == Auth.NONE:
            if named:
                raise ValidationError("Say how the secret is sent: api_key or bearer.", "auth")
        elif len(named) != 1:
            raise ValidationError("Name the secret with one of secret_env and secret_file.", "auth")


@dataclass(frozen=True, slots=True)
class Credentials:
    """The header that signs a request, or none. The secret is in no text that is made of this."""

    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    secret: str = field(default="", repr=False)

    @classmethod
    def of(cls, settings: Mapping[str, Any], environment: Mapping[str, str] | None = None) -> "Credentials":
        """Read the secret that checked options name. Raises `GatherError` when it is not there or cannot be sent."""
        auth = settings.get("auth", Auth.NONE)
        if auth == Auth.NONE:
            return cls()
        source = os.environ if environment is None else environment
        secret = (_from_variable if "secret_env" in settings else _from_file)(settings, source).strip()
        if not _USABLE.match(secret) or len(secret) > LONGEST:
            raise GatherError("The source's secret is empty, or holds characters that cannot be sent.")
        header = {"apikey": secret} if auth == Auth.API_KEY else {"Authorization": f"Bearer {secret}"}
        return cls(header, secret)

    def hide(self, text: str) -> str:
        """The text without the secret, which a server may repeat in what it says."""
        return text.replace(self.secret, "(secret)") if self.secret else text


def _from_variable(settings: Mapping[str, Any], environment: Mapping[str, str]) -> str:
    name: str = settings["secret_env"]
    if name not in environment:
        raise GatherError(
            f"The environment variable {name}, which holds the source's secret, is not set.",
            "Set it where harvests run.",
        )
    return environment[name]


def _from_file(settings: Mapping[str, Any], environment: Mapping[str, str]) -> str:
    folder = Path(environment.get(FOLDER_VARIABLE, DEFAULT_FOLDER))
    path = folder / str(settings["secret_file"])
    try:
        with path.open("rb") as file:
            return file.read(LONGEST + 2).decode("utf-8", errors="replace")
    except OSError as error:
        raise GatherError(
            f"The file {path.name}, which holds the source's secret, cannot be read: {error.strerror}.",
            f"It is looked for in {path.parent}.",
        ) from error
