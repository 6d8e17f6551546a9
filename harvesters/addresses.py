"""Addresses on the web: which are fetched from, and how they are shown."""

from typing import Final

from urllib3.exceptions import LocationParseError
from urllib3.util import Url, parse_url

from harvesters.errors import FetchError

AMBIGUOUS: Final = frozenset("\\ \t\r\n\0")


def parsed(url: str) -> Url:
    """The parts of an address that may be fetched from. Raises `FetchError`."""
    try:
        # Readers of addresses disagree on where a host ends when one of these stands in it.
        place = parse_url("" if set(url) & AMBIGUOUS else url)
    except LocationParseError as error:
        raise FetchError("The address cannot be read.", "It begins with https:// and a host name.") from error
    if place.scheme not in {"http", "https"} or not place.host:
        raise FetchError(
            f"{shown(url)} is not an http or https address, and nothing else is fetched.",
            "It begins with https:// and a host name.",
        )
    if place.auth is not None:
        raise FetchError("The address holds a user name or password.", "Set the credentials as options instead.")
    return place


def origin_of(place: Url) -> tuple[str | None, str | None, int | None]:
    """What credentials may be sent to: the same scheme, host and port (RFC 6454)."""
    return place.scheme, place.host, place.port


def shown(url: str) -> str:
    """The address without its query, which may hold a key, and short enough for a sentence."""
    return url.partition("?")[0][:200]
