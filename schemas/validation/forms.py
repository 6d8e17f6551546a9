"""What a single value must look like. Each form reads its value once from left to right, whatever its length."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any, Final, Protocol
from urllib.parse import urlsplit

from schemas.metadata import CONTINUOUS, Severity
from schemas.vocabularies import vocabulary

LONGEST_ADDRESS: Final = 2000
LONGEST_EMAIL: Final = 254  # RFC 5321, section 4.5.3.1
LONGEST_LOCAL_PART: Final = 64
LONGEST_DOI: Final = 500
SHOWN_CHOICES: Final = 12
WEB_SCHEMES: Final = frozenset({"http", "https"})
HARMFUL_SCHEMES: Final = frozenset(
    {"about", "blob", "data", "file", "filesystem", "javascript", "vbscript", "view-source"}
)


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong with a value: the rest of a sentence that begins with the field's name, and what to do."""

    says: str
    fix: str
    severity: Severity = Severity.WARNING


class Form(Protocol):
    """Looks at one stated value."""

    def __call__(self, value: Any) -> Finding | None:  # noqa: ANN401 - a leaf of a description
        """Return what is wrong, or None."""


@dataclass(frozen=True, slots=True)
class Length:
    """Text of so many characters."""

    least: int
    greatest: int

    def __call__(self, value: Any) -> Finding | None:  # noqa: ANN401 - see Form
        if not isinstance(value, str) or self.least <= len(value) <= self.greatest:
            return None
        if len(value) < self.least:
            return Finding(f"has {len(value)} characters; at least {self.least} are expected", "Say more.")
        return Finding(
            f"has {len(value):,} characters; HDR UK 4.0.0 allows {self.greatest:,}",
            f"Shorten it to {self.greatest:,} characters, and move the rest to the description.",
        )


@dataclass(frozen=True, slots=True)
class Code:
    """A value of a code list."""

    name: str

    def __call__(self, value: Any) -> Finding | None:  # noqa: ANN401 - see Form
        codes = vocabulary(self.name)
        return None if value in codes else _unknown(value, codes.values)


@dataclass(frozen=True, slots=True)
class Choice:
    """One of a few values."""

    values: tuple[str, ...]

    def __call__(self, value: Any) -> Finding | None:  # noqa: ANN401 - see Form
        return None if value in self.values else _unknown(value, self.values)


@dataclass(frozen=True, slots=True)
class Between:
    """A number within bounds; an absent bound does not count."""

    least: float = 0
    greatest: float | None = None

    def __call__(self, value: Any) -> Finding | None:  # noqa: ANN401 - see Form
        if not isinstance(value, int | float):
            return None
        if value < self.least:
            return Finding(f"is {value:,}; it cannot be less than {self.least:,}", "Give the right number.", _ERROR)
        if self.greatest is not None and value > self.greatest:
            return Finding(f"is {value:,}; it cannot be more than {self.greatest:,}", "Give the right number.", _ERROR)
        return None if value == value else Finding("is not a number", "Give a number.", _ERROR)  # noqa: PLR0124 - NaN


def iso_date(value: Any) -> Finding | None:  # noqa: ANN401 - see Form
    """A date, or date and time, of ISO 8601: the year first, months and days where they are known."""
    if not isinstance(value, str) or day_of(value) is not None:
        return None
    return Finding(f"is not a date: “{_shown(value)}”", "Write the date as 2026-11-22.", _ERROR)


def end_date(value: Any) -> Finding | None:  # noqa: ANN401 - see Form
    """A date, or the word for a dataset that goes on."""
    return None if value == CONTINUOUS else iso_date(value)


def semantic_version(value: Any) -> Finding | None:  # noqa: ANN401 - see Form
    """Three numbers with dots between them."""
    parts = str(value).split(".", 3)
    if len(parts) == 3 and all(part.isascii() and part.isdecimal() for part in parts):  # noqa: PLR2004 - semver.org
        return None
    return Finding(f"is “{_shown(value)}”; HDR UK 4.0.0 expects three numbers", "Write the version as 1.0.0.")


def email(value: Any) -> Finding | None:  # noqa: ANN401 - see Form
    """Something before and a domain after one @."""
    local, at, domain = str(value).partition("@")
    if (
        at
        and 0 < len(local) <= LONGEST_LOCAL_PART
        and len(str(value)) <= LONGEST_EMAIL
        and "@" not in domain
        and _is_host(domain)
        and not any(letter.isspace() or not letter.isprintable() for letter in local)
    ):
        return None
    return Finding(f"is not an e-mail address: “{_shown(value)}”", "Give an address such as data@example.org.", _ERROR)


def web_address(value: Any) -> Finding | None:  # noqa: ANN401 - see Form
    """An address of http or https with a host name that could be resolved."""
    text = str(value)
    scheme = scheme_of(text)
    if scheme in HARMFUL_SCHEMES:
        return Finding(f"begins with “{scheme}:”, which is not opened", "Give an address of https.", _ERROR)
    if scheme in WEB_SCHEMES and len(text) <= LONGEST_ADDRESS and _is_host(_host(text)) and not _has_spaces(text):
        return None
    return Finding(f"is not a web address: “{_shown(text)}”", "Give an address that begins with https://.")


def iri(value: Any) -> Finding | None:  # noqa: ANN401 - see Form
    """An identifier with a scheme, a web address in most cases."""
    text = str(value)
    is_other = scheme_of(text) and scheme_of(text) not in WEB_SCHEMES | HARMFUL_SCHEMES
    return None if is_other and not _has_spaces(text) and len(text) <= LONGEST_ADDRESS else web_address(text)


def doi(value: Any) -> Finding | None:  # noqa: ANN401 - see Form
    """A DOI without anything before it: `10.`, a number, a slash, a name."""
    prefix, slash, name = str(value)[:LONGEST_DOI].partition("/")
    directory, dot, registrant = prefix.partition(".")
    if (
        directory == "10"
        and dot
        and registrant.replace(".", "").isdecimal()
        and slash
        and name
        and not _has_spaces(name)
        and len(str(value)) < LONGEST_DOI
    ):
        return None
    return Finding(f"is not a DOI: “{_shown(value)}”", "Give the DOI alone, such as 10.1234/abcd.")


def citation(value: Any) -> Finding | None:  # noqa: ANN401 - see Form
    """A DOI; a citation in words is as good for people, and lost on machines."""
    found = doi(value)
    return found and Finding("is a citation in words", "Give the DOI, so that others find the work.", Severity.NOTE)


def jurisdiction(value: Any) -> Finding | None:  # noqa: ANN401 - see Form
    """An ISO 3166 code: of a country, or of a part of one that the list need not have."""
    codes = vocabulary("jurisdiction")
    country, dash, part = str(value).partition("-")
    is_part = dash and country in codes and 0 < len(part) <= 3 and part.isascii() and part.isalnum() and part.isupper()  # noqa: PLR2004 - ISO 3166-2
    if value in codes or is_part:
        return None
    return Finding(f"is “{_shown(value)}”, which is no ISO 3166 code", "Give a code such as GB or GB-SCT.")


@lru_cache(maxsize=1024)
def day_of(text: str) -> date | None:
    """The first day that an ISO 8601 date, or date and time, can mean; None when it is not one."""
    text = text.strip()
    padded = {4: f"{text}-01-01", 7: f"{text}-01"}.get(len(text), text)
    try:
        day = datetime.fromisoformat(padded).date() if len(padded) <= _LONGEST_DATE else None
    except ValueError:
        return None
    return day if padded[4:5] == padded[7:8] == "-" else None


def scheme_of(text: str) -> str:
    """The scheme of an address in lower case; empty when there is none.

    Browsers pass over leading spaces and over line ends anywhere, so a scheme with one in it is a scheme too.
    """
    head, colon, _ = text.lstrip(_LEADING)[:100].translate(_LINE_ENDS).partition(":")
    is_scheme = colon and head[:1].isalpha() and head.replace("+", "").replace("-", "").isalnum()
    return head.casefold() if is_scheme else ""


_LEADING: Final = "".join(map(chr, range(33)))
_LINE_ENDS: Final = str.maketrans("", "", "\t\r\n")
_ERROR: Final = Severity.ERROR
_LONGEST_DATE: Final = 40
_SHOWN: Final = 60


def _host(address: str) -> str:
    try:
        parts = urlsplit(address)
        is_whole = parts.port != 0
    except ValueError:
        return ""
    return (parts.hostname or "") if is_whole else ""


def _is_host(host: str) -> bool:
    labels = host.split(".")
    return (
        len(labels) > 1
        and len(host) <= 253  # noqa: PLR2004 - RFC 1035, section 2.3.4
        and all(label and label.replace("-", "").replace("_", "").isalnum() for label in labels)
    )


def _has_spaces(text: str) -> bool:
    return any(letter.isspace() for letter in text)


def _unknown(value: object, values: tuple[str, ...]) -> Finding:
    some = ", ".join(values[:SHOWN_CHOICES]) + (" …" if len(values) > SHOWN_CHOICES else "")
    return Finding(f"is “{_shown(value)}”, which is not in the list", f"Choose one of: {some}.")


def _shown(value: object) -> str:
    text = " ".join(str(value)[: 2 * _SHOWN].split())
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"
