"""The geometry of charts. Templates draw them as SVG; the numbers stand in a table beside every chart."""

from collections.abc import Sequence
from dataclasses import dataclass

from catalogue.web.wording import number, share

WIDTH, HEIGHT = 640, 240
LEFT, TOP, BOTTOM = 64, 12, 34
GAP = 0.18
"""Space between two columns, as a part of a column."""
MOST_LABELS = 8


@dataclass(frozen=True, slots=True)
class Bar:
    """A count with its share of all. In a column chart `x`, `y`, `width` and `height` place its column."""

    label: str
    count: float
    share: str
    x: float = 0.0
    y: float = 0.0
    width: float = 0.0
    height: float = 0.0


@dataclass(frozen=True, slots=True)
class Tick:
    """A line across the chart with its number."""

    text: str
    y: float


@dataclass(frozen=True, slots=True)
class AxisLabel:
    """A word under a column, placed by its middle."""

    text: str
    x: float


@dataclass(frozen=True, slots=True)
class ColumnChart:
    """Counts in an order of their own, such as ages."""

    title: str
    bars: tuple[Bar, ...]
    ticks: tuple[Tick, ...]
    labels: tuple[AxisLabel, ...]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT


@dataclass(frozen=True, slots=True)
class BarList:
    """Counts as a list of bars; `rest` is what stands behind a disclosure."""

    title: str
    bars: tuple[Bar, ...]
    rest: tuple[Bar, ...]
    largest: float


def columns(title: str, counts: Sequence[tuple[str, float]]) -> ColumnChart:
    """A column for each count, in the given order."""
    total = sum(max(0, count) for _, count in counts)
    top = _round_up(max((count for _, count in counts), default=0))
    step = (WIDTH - LEFT) / max(1, len(counts))
    bottom = HEIGHT - BOTTOM
    scale = (bottom - TOP) / top
    bars = tuple(
        Bar(
            label,
            count,
            share(count, total),
            x=round(LEFT + step * (position + GAP / 2), 1),
            y=round(bottom - max(0, count) * scale, 1),
            width=round(step * (1 - GAP), 1),
            height=round(max(0, count) * scale, 1),
        )
        for position, (label, count) in enumerate(counts)
    )
    ticks = tuple(Tick(_brief(top * part / 4), round(bottom - top * part / 4 * scale, 1)) for part in (0, 2, 4))
    every = -(-len(counts) // MOST_LABELS) or 1
    labels = tuple(
        AxisLabel(_short(label), round(LEFT + step * (position + 0.5), 1))
        for position, (label, _) in enumerate(counts)
        if position % every == 0
    )
    return ColumnChart(title, bars, ticks, labels)


def bars(title: str, counts: Sequence[tuple[str, float]], *, shown: int = 12) -> BarList:
    """A bar for each count, the largest first."""
    total = sum(max(0, count) for _, count in counts)
    ranked = sorted(counts, key=lambda each: -each[1])
    made = tuple(Bar(label, count, share(count, total)) for label, count in ranked)
    return BarList(title, made[:shown], made[shown:], largest=max((each.count for each in made), default=0))


def _round_up(value: float) -> float:
    """The next number whose half and whole are short to say."""
    size = 1.0
    while size * 10 < value:
        size *= 10
    return (
        next((size * step for step in (1, 1.5, 2, 3, 4, 5, 6, 8, 10) if size * step >= value), size)
        if value > 0
        else 1.0
    )


def _brief(value: float) -> str:
    for size, letter in ((1e9, "bn"), (1e6, "m"), (1e3, "k")):
        if value >= size:
            return f"{number(round(value / size, 1))}{letter}"
    return number(value)


def _short(label: str) -> str:
    """`45-49 years` as `45`, `7-27 days` as `7 d`: under an axis there is room for little."""
    first = label.replace("+", " ").replace("-", " ").split()[:1]
    word = first[0] if first else label
    unit = next((short for name, short in (("day", " d"), ("month", " m")) if name in label), "")
    return (word + unit)[:8]
