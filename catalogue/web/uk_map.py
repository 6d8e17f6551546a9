"""A sketch of the nations and regions of the United Kingdom: an ornament beside a list, of no use for measuring."""

from collections.abc import Mapping
from dataclasses import dataclass

from schemas.vocabularies import vocabulary

LEVELS = 4
"""Shades besides the palest, which stands for none."""
WEST, NORTH = -8.3, 59.3
EASTWARD, SOUTHWARD = 17.2, 30.0
"""Units of the drawing a degree: on these latitudes a degree of longitude is little more than half as long."""
WIDTH, HEIGHT = 176, 284

_CORNERS: Mapping[str, str] = {
    "Scotland": (
        "-2.03,55.81 -2.35,55.4 -2.65,55.2 -3.05,54.98 -4.4,54.68 -5.15,54.85 -4.6,55.5 -4.9,55.95 -5.7,55.35 "
        "-5.5,56.1 -6.2,56.6 -5.6,57.3 -5.8,57.8 -5.0,58.6 -3.05,58.65 -4.2,57.6 -2.0,57.65 -2.1,57.1 -2.6,56.4 "
        "-3.3,56.05 -2.6,56.05; -7.4,57.1 -6.9,57.9 -6.2,58.5 -6.3,58.1 -7.2,57.0; -6.7,57.4 -6.2,57.65 -5.9,57.2 "
        "-6.3,57.2; -3.3,59.05 -2.7,59.2 -2.8,58.85 -3.3,58.9"
    ),
    "Northern Ireland": "-8.1,54.45 -7.3,55.1 -6.1,55.25 -5.5,54.6 -6.1,54.05 -7.0,54.3 -7.6,54.1",
    "Wales": (
        "-2.9,53.2 -3.1,53.28 -3.8,53.33 -4.5,53.4 -4.35,53.1 -4.7,52.8 -4.1,52.9 -4.1,52.4 -4.7,52.1 -5.3,51.9 "
        "-5.0,51.6 -4.3,51.65 -3.6,51.4 -3.0,51.5 -2.65,51.6 -2.65,51.85 -2.95,51.9 -3.1,52.15 -3.0,52.6 "
        "-3.15,52.9 -2.8,52.95"
    ),
    "North East": (
        "-2.03,55.81 -1.5,55.1 -1.15,54.65 -0.8,54.55 -1.4,54.45 -2.2,54.45 -2.3,54.8 -2.65,55.2 -2.35,55.4"
    ),
    "North West": (
        "-3.05,54.98 -2.65,55.2 -2.3,54.8 -2.2,54.45 -2.3,54.1 -2.05,53.85 -2.0,53.5 -1.95,53.2 -2.4,53.0 "
        "-2.8,52.95 -2.9,53.2 -3.1,53.4 -2.95,53.75 -2.8,54.1 -3.2,54.1 -3.6,54.5"
    ),
    "Yorkshire and The Humber": (
        "-0.8,54.55 -0.1,54.1 -0.2,53.8 0.1,53.6 0.0,53.5 -0.75,53.45 -1.2,53.35 -1.7,53.35 -2.0,53.5 -2.05,53.85 "
        "-2.3,54.1 -2.2,54.45 -1.4,54.45"
    ),
    "East Midlands": (
        "0.0,53.5 -0.75,53.45 -1.2,53.35 -1.7,53.35 -2.0,53.5 -1.95,53.2 -1.6,52.7 -1.3,52.4 -1.25,52.05 "
        "-0.8,52.05 -0.5,52.4 -0.4,52.65 0.1,52.8 0.35,53.15"
    ),
    "West Midlands": (
        "-1.95,53.2 -2.4,53.0 -2.8,52.95 -3.15,52.9 -3.0,52.6 -3.1,52.15 -2.95,51.9 -2.65,51.85 -2.2,52.0 "
        "-1.7,52.0 -1.25,52.05 -1.3,52.4 -1.6,52.7"
    ),
    "East of England": (
        "0.1,52.8 0.5,52.95 1.3,52.92 1.75,52.5 1.6,52.05 0.95,51.75 0.7,51.53 0.25,51.5 0.25,51.6 -0.1,51.7 "
        "-0.5,51.62 -0.65,51.95 -0.8,52.05 -0.5,52.4 -0.4,52.65"
    ),
    "London": "-0.5,51.62 -0.1,51.7 0.25,51.6 0.25,51.5 0.2,51.4 -0.05,51.3 -0.35,51.35 -0.5,51.45",
    "South East": (
        "-0.8,52.05 -1.25,52.05 -1.7,52.0 -1.65,51.55 -1.5,51.3 -1.7,51.0 -1.85,50.85 -1.3,50.75 -0.8,50.73 "
        "0.25,50.73 0.95,50.92 1.4,51.15 1.4,51.38 0.7,51.47 0.25,51.5 0.2,51.4 -0.05,51.3 -0.35,51.35 -0.5,51.45 "
        "-0.5,51.62 -0.65,51.95"
    ),
    "South West": (
        "-1.7,52.0 -2.2,52.0 -2.65,51.85 -2.65,51.6 -3.0,51.25 -3.6,51.22 -4.2,51.2 -4.2,51.0 -4.55,50.9 "
        "-5.0,50.5 -5.7,50.1 -5.2,49.97 -4.8,50.25 -4.1,50.33 -3.65,50.22 -3.45,50.6 -2.95,50.72 -2.45,50.53 "
        "-1.95,50.6 -1.85,50.85 -1.7,51.0 -1.5,51.3 -1.65,51.55"
    ),
}
"""Longitude and latitude of the corners of each area, guessed to a tenth of a degree; islands follow a semicolon."""


@dataclass(frozen=True, slots=True)
class Area:
    """An area as it is drawn: the path of its outline, and how dark it is, from 0 to `LEVELS`."""

    path: str
    level: int


def areas(counts: Mapping[str, int]) -> tuple[Area, ...]:
    """The areas, darker where more datasets say that they cover them or what they are a part of.

    `counts` are numbers of datasets by value of the code list of places. Empty when none of these areas has any.
    """
    totals = {name: sum(counts.get(place, 0) for place in (name, *_WIDER[name])) for name in _PATHS}
    most = max(totals.values())
    if not most:
        return ()
    return tuple(Area(path, -(-totals[name] * LEVELS // most)) for name, path in _PATHS.items())


def _outline(parts: str) -> str:
    paths = []
    for part in parts.split("; "):
        corners = (tuple(map(float, corner.split(","))) for corner in part.split())
        points = (f"{(east - WEST) * EASTWARD:.0f} {(NORTH - north) * SOUTHWARD:.0f}" for east, north in corners)
        paths.append(f"M{'L'.join(points)}Z")
    return "".join(paths)


def _wider(name: str) -> frozenset[str]:
    """The places that the area is a part of."""
    direct = {wide for wide, inner in vocabulary("places").narrower.items() if name in inner}
    return frozenset(direct).union(*map(_wider, direct))


_PATHS = {name: _outline(parts) for name, parts in _CORNERS.items()}
_WIDER = {name: _wider(name) for name in _CORNERS}
