from hypothesis import given
from hypothesis import strategies as st

from catalogue.web import charts

COUNTS = st.lists(st.tuples(st.text(max_size=10), st.integers(min_value=-5, max_value=10**12)), max_size=30)


@given(COUNTS)
def test_columns_stay_inside_the_drawing(counts: list[tuple[str, int]]) -> None:
    chart = charts.columns("People by age", counts)
    assert len(chart.bars) == len(counts)
    for bar in chart.bars:
        assert chart.left <= bar.x
        assert bar.x + bar.width <= chart.width + 0.2
        assert bar.y >= charts.TOP - 0.2
        assert bar.y + bar.height <= chart.height - charts.BOTTOM + 0.2
    assert len(chart.labels) <= charts.MOST_LABELS


def test_columns_are_as_high_as_their_counts() -> None:
    chart = charts.columns("People by age", [("0-4 years", 100), ("5-9 years", 50), ("10-14 years", 0)])
    heights = [bar.height for bar in chart.bars]
    assert heights[1] * 2 == heights[0]
    assert heights[2] == 0
    assert [bar.share for bar in chart.bars] == ["67%", "33%", "0%"]
    assert [tick.text for tick in chart.ticks] == ["0", "50", "100"]
    assert [label.text for label in chart.labels] == ["0", "5", "10"]


def test_large_counts_have_short_ticks() -> None:
    chart = charts.columns("People by age", [("7-27 days", 2_400_000), ("100+ years", 1)])
    assert [tick.text for tick in chart.ticks] == ["0", "1.5m", "3m"]
    assert [label.text for label in chart.labels] == ["7 d", "100"]


def test_bars_are_ranked_and_the_rest_is_kept() -> None:
    chart = charts.bars("People by disease", [("a", 1), ("b", 3), ("c", 2)], shown=2)
    assert [bar.label for bar in chart.bars] == ["b", "c"]
    assert [bar.label for bar in chart.rest] == ["a"]
    assert chart.largest == 3
