"""Which of several representations a request prefers (RFC 9110, section 12.5.1)."""

from collections.abc import Sequence
from dataclasses import dataclass

LONGEST_HEADER = 2000
"""Characters. What is longer was not written by a browser or a client library; it is read up to here."""


@dataclass(frozen=True, slots=True)
class MediaRange:
    """One item of an Accept header: a media type, `type/*` or `*/*`, with parameters and a weight from 0 to 1."""

    kind: str
    subtype: str
    parameters: frozenset[tuple[str, str]]
    weight: float

    def specificity(self, offer: "MediaRange") -> int | None:
        """How closely this range names the offer: 0 by `*/*` to 2 and more by name; `None` when it does not."""
        if (self.kind, self.subtype) == ("*", "*"):
            return 0
        if self.kind != offer.kind:
            return None
        if self.subtype == "*":
            return 1
        if self.subtype != offer.subtype or not self.parameters <= offer.parameters:
            return None
        return 2 + len(self.parameters)


def best(accept: str | None, offers: Sequence[str]) -> str | None:
    """The offered media type that the header prefers, the first of them on a tie; `None` if it takes none.

    No header, or one in which nothing can be read, takes anything. The most specific range that names an offer
    decides its weight, so `text/*;q=0.3, text/html` prefers HTML to plain text.
    """
    ranges = parse(accept or "")
    if not ranges:
        return offers[0] if offers else None
    weighed = [(_weight(offer, ranges), -position, offer) for position, offer in enumerate(offers)]
    weight, _position, chosen = max(weighed, default=(0.0, 0, ""))
    return chosen if weight > 0 else None


def parse(accept: str) -> tuple[MediaRange, ...]:
    """The readable media ranges of an Accept header; unreadable ones are passed over."""
    items = (_media_range(item) for item in accept[:LONGEST_HEADER].split(","))
    return tuple(item for item in items if item is not None)


def _weight(offer: str, ranges: Sequence[MediaRange]) -> float:
    offered = _media_range(offer)
    if offered is None:
        return 0.0
    matches = ((each.specificity(offered), each.weight) for each in ranges)
    return max(((how, weight) for how, weight in matches if how is not None), default=(0, 0.0))[1]


def _media_range(text: str) -> MediaRange | None:
    name, *rest = text.split(";")
    kind, separator, subtype = name.strip().lower().partition("/")
    if not separator or not kind or not subtype or (kind == "*" and subtype != "*"):
        return None
    weight, parameters = 1.0, set()
    for item in rest:
        key, _, value = item.partition("=")
        key, value = key.strip().lower(), value.strip().strip('"')
        if key == "q":
            weight = _quality(value)
            # What follows q extends the header and says nothing about the media type.
            break
        parameters.add((key, value.lower()))
    return MediaRange(kind, subtype, frozenset(parameters), weight)


def _quality(text: str) -> float:
    try:
        weight = float(text)
    except ValueError:
        return 0.0
    return weight if 0 <= weight <= 1 else 0.0
