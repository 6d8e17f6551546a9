"""`python -m bench`: every measurement, beside its budget and its peer."""

import argparse

from bench import dcat, harvesting, readers, relevance, search, serving
from bench.table import show

SIZES = (1_000, 10_000, 100_000)
"""Descriptions that search is measured on, all sizes in one go: each index is built once."""


def main() -> None:
    """Measure what was asked for, or everything."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("part", nargs="?", choices=("search", "relevance", "harvesting", "serving", "dcat", "readers"))
    part = parser.parse_args().part
    if part in (None, "relevance"):
        relevance.main([])
    if part in (None, "search"):
        search.main(["--documents", *map(str, SIZES)])
    if part in (None, "harvesting"):
        show(harvesting.measure())
    if part in (None, "serving"):
        show(serving.measure())
    if part in (None, "dcat"):
        show(dcat.measure())
    if part in (None, "readers"):
        show(readers.measure())


if __name__ == "__main__":
    main()
