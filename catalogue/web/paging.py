"""Links to the pages of a long list."""

from collections.abc import Callable, Mapping
from typing import Any

NEIGHBOURS = 2
"""Pages listed on both sides of the current one."""
LONGEST_PAGE_NUMBER = 6


def page_number(text: str | None) -> int:
    """The page that an address asks for; the first when it asks for none."""
    return int(text) if text and text.isdecimal() and len(text) <= LONGEST_PAGE_NUMBER else 1


def pagination(current: int, last: int, href: Callable[[int], str], *, label: str) -> Mapping[str, Any] | None:
    """What the pagination component is given; nothing when there is one page, or the current one does not exist."""
    if last == 1 or current > last:
        return None
    listed = sorted({1, last, *range(current - NEIGHBOURS, current + NEIGHBOURS + 1)})
    items: list[Mapping[str, Any]] = []
    before = 0
    for page in (each for each in listed if 1 <= each <= last):
        if page > before + 1:
            items.append({"ellipsis": True})
        items.append({"number": page, "href": href(page), "current": page == current})
        before = page
    found: dict[str, Any] = {"items": items, "landmarkLabel": label}
    if current > 1:
        found["previous"] = {"href": href(current - 1)}
    if current < last:
        found["next"] = {"href": href(current + 1)}
    return found
