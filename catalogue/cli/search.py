"""`catalogue search`."""

from html import escape
from typing import Any

import click

from catalogue.cli.root import WRONG_USE, json_option, load_runtime, root, show, stop
from catalogue.search.backend import Fragment, SearchQuery
from catalogue.services import discovery


@root.command()
@click.argument("query")
@click.option("--filter", "filters", multiple=True, metavar="FACET=VALUE", help="Keep only these; may be repeated.")
@click.option("--sort", default="relevance", show_default=True, help="relevance, changed, title or quality.")
@click.option("--page", default=1, show_default=True, type=click.IntRange(min=1))
@click.option("--exact", is_flag=True, help="All words as they are typed: no synonyms, no other spellings.")
@click.option("--explain", is_flag=True, help="Also say what each part of a score is for.")
@json_option
def search(
    query: str, filters: tuple[str, ...], sort: str, page: int, *, exact: bool, explain: bool, as_json: bool
) -> None:
    """Find datasets for the words of QUERY; an empty one finds everything."""
    runtime = load_runtime()
    with runtime.reading_sessions() as session:
        asked = SearchQuery(
            text=query,
            filters=_filters(filters),
            sort=sort,
            page=page,
            exact=exact,
            explain=explain,
            **_years(filters),
        )
        results = discovery.search(session, runtime.backend, asked)
    show(_answer(results), as_json=as_json, text=_in_words(results))


def _filters(filters: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    chosen: dict[str, tuple[str, ...]] = {}
    for each in filters:
        name, separator, value = each.partition("=")
        if not separator:
            stop(f"A filter is written FACET=VALUE, not {each!r}.", status=WRONG_USE)
        if name not in {"from", "to"}:
            chosen[name] = (*chosen.get(name, ()), value)
    return chosen


def _years(filters: tuple[str, ...]) -> dict[str, Any]:
    """`from` and `to` are years, by overlap."""
    years = {}
    for key, field in (("from", "first_year"), ("to", "last_year")):
        for text in (each.partition("=")[2] for each in filters if each.partition("=")[0] == key):
            if not text.isdecimal():
                stop(f"{key} is a year in digits, not {text!r}.", status=WRONG_USE)
            years[field] = int(text)
    return years


def _answer(results: discovery.Results) -> dict[str, Any]:
    answer = results.answer
    return {
        "total": answer.total,
        "page": answer.page,
        "per_page": answer.per_page,
        "items": list(map(_item, results.items)),
        "more": list(map(_item, results.more)),
        "facets": {
            name: [{"value": each.value, "label": each.label, "count": each.count} for each in counts]
            for name, counts in answer.facets.items()
        },
        "relaxed": answer.relaxed,
        "corrections": {word: list(instead) for word, instead in answer.corrections.items()},
        "synonyms": {word: list(also) for word, also in answer.synonyms.items()},
        "notices": list(answer.notices),
        "suggestions": list(answer.suggestions),
    }


def _item(item: discovery.Found) -> dict[str, Any]:
    return {
        "identifier": item.identifier,
        "title": item.title,
        "custodian": item.custodian,
        "score": round(item.score, 4),
        "highlight": "".join(map(_marked, item.snippet)),
        "columns": list(item.columns),
        "read": sorted(item.read),
        **({"reasons": [{"what": each.what, "points": each.points} for each in item.reasons]} if item.reasons else {}),
    }


def _marked(fragment: Fragment) -> str:
    """Markup, since that is what is shown with it; the text in it is escaped."""
    text = escape(fragment.text)
    return f"<mark>{text}</mark>" if fragment.is_match else text


def _in_words(results: discovery.Results) -> str:
    lines = [f"{results.total:,} datasets", *(line for item in results.items for line in _lines(item))]
    if results.more:
        lines += ["With some of the words:", *(line for item in results.more for line in _lines(item))]
    if results.answer.suggestions:
        lines.append(f"Did you mean: {' | '.join(results.answer.suggestions)}")
    return "\n".join([*lines, *results.answer.notices])


def _lines(item: discovery.Found) -> list[str]:
    lines = [f"  {item.title} ({item.custodian})", f"    {item.identifier}"]
    if item.reasons:
        lines += [f"    {each.points:>9.2f}  {each.what}" for each in item.reasons]
        lines.append(f"    {item.score:>9.2f}  all together")
    return lines
