"""Datasets for programs: results of a search in pages, and each dataset in the canonical form."""

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any

from flask import Response
from flask.typing import ResponseReturnValue

from catalogue.api import answers, questions
from catalogue.api.answers import json_resource, public
from catalogue.api.questions import Question
from catalogue.plugins import postponed
from catalogue.runtime import runtime
from catalogue.search.backend import FacetCount, Fragment
from catalogue.services import datasets, discovery
from catalogue.services.datasets import DatasetView
from catalogue.services.discovery import Found, Results
from catalogue.services.entries import entry_of, links_of
from schemas.metadata import to_json

if TYPE_CHECKING:
    from schemas.api import datasets as documents
else:
    documents = postponed("schemas.api.datasets")

resource = json_resource("api_datasets", permission="dataset:read")


@resource.get("/api/v1/datasets")
def listing() -> ResponseReturnValue:
    """A page of what a question finds; each page has the cursor of the next one."""
    asked = questions.read()
    with runtime().reading_sessions() as session:
        results = discovery.search(session, runtime().backend, asked.query)
    links = _links(asked, results)
    document = _listed().dump(
        {
            "total": results.total,
            "items": [_item(each) for each in results.items],
            "more": [_item(each) for each in results.more],
            "next": _next(asked, results),
            "interpretation": _interpretation(asked, results),
            "links": links,
        }
    )
    if asked.with_facets:
        document["facets"] = {name: _values(counts) for name, counts in results.answer.facets.items()}
    related = {name: address for name, address in links.items() if name in {"first", "next"}}
    related["service-desc"] = public("api_description.document")
    return answers.answer(document, related)


@resource.get("/api/v1/datasets/<identifier>")
def show(identifier: str) -> ResponseReturnValue:
    """One dataset: its description in the canonical form, and what the catalogue adds as `catalogue`."""
    answers.read_nothing()
    with runtime().reading_sessions() as session:
        return _whole(datasets.get(session, identifier))


@cache
def _listed() -> "documents.DatasetList":
    return documents.DatasetList(exclude=("facets",))


def _whole(view: DatasetView) -> Response:
    entry = entry_of(view.dataset, view.organisation, base_url=runtime().settings.base_url)
    return answers.answer({**to_json(view.description), "catalogue": entry}, {"canonical": entry["url"]})


def _item(found: Found) -> dict[str, Any]:
    links = links_of(found.identifier, found.custodian_slug, base_url=runtime().settings.base_url)
    return {
        **{name: getattr(found, name) for name in _COPIED},
        "url": links["page"],
        "read": sorted(found.read),
        "years": {"first": found.years[0], "last": found.years[1], "end": found.end} if found.years else None,
        "quality": {"score": found.quality_score, "band": found.quality_band},
        "snippet": _snippet(found.snippet),
        "links": links,
    }


_COPIED = (
    "identifier",
    "title",
    "custodian",
    "custodian_slug",
    "abstract",
    "changed_at",
    "population_size",
    "places",
    "access",
    "table_count",
    "column_count",
    "score",
    "columns",
)


def _snippet(fragments: Sequence[Fragment]) -> dict[str, Any] | None:
    if not fragments:
        return None
    matches, place = [], 0
    for each in fragments:
        if each.is_match:
            matches.append([place, place + len(each.text)])
        place += len(each.text)
    return {"text": "".join(each.text for each in fragments), "matches": matches}


def _values(counts: Sequence[FacetCount]) -> list[dict[str, Any]]:
    # A facet may have thousands of values: they are written without looking at each through a schema.
    return [{"value": each.value, "label": each.label, "count": each.count} for each in counts]


def _next(asked: Question, results: Results) -> str | None:
    query = asked.query
    is_last = query.page * query.per_page >= results.total
    return None if is_last else questions.cursor_of(replace(query, page=query.page + 1), results.total)


def _links(asked: Question, results: Results) -> dict[str, str]:
    query = asked.query
    cursor = _next(asked, results)
    here = questions.cursor_of(query, results.total) if query.page > 1 else ""
    links = {
        "self": questions.address(asked, here),
        "first": questions.address(asked),
        "page": public("search.show", **_for_people(asked)),
    }
    return links | ({"next": questions.address(asked, cursor)} if cursor else {})


def _for_people(asked: Question) -> dict[str, Any]:
    found: dict[str, list[str]] = {}
    for name, value in questions.query_pairs(asked.query):
        found.setdefault(name, []).append(value)
    return found


def _interpretation(asked: Question, results: Results) -> dict[str, Any]:
    answer = results.answer
    notices = list(answer.notices)
    if asked.total_before not in {None, results.total}:
        notices.append(
            f"There were {asked.total_before:,} results when these pages were begun and there are {results.total:,} "
            "now, so some may be missing or come twice. Begin at the first page where that matters."
        )
    return {
        "relaxed": answer.relaxed,
        "corrections": answer.corrections,
        "synonyms": answer.synonyms,
        "notices": notices,
        "suggestions": answer.suggestions,
    }
