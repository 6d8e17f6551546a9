"""Suggestions under the box to search with, for its script."""

from flask import Response, jsonify, request, url_for

from catalogue.runtime import runtime
from catalogue.search.backend import IndexUnavailable
from catalogue.services import suggestions
from catalogue.services.suggestions import Kind, Suggestion
from catalogue.web import addresses, wording
from catalogue.web.addresses import PageQuery
from catalogue.web.blueprints import section
from catalogue.web.dataset_tables import column_search
from catalogue.web.sessions import reading

KEPT_SECONDS = 60
LONGEST_LABEL = 100
LABELS = {Kind.TITLE: "Dataset", Kind.KEYWORD: "Keyword", Kind.CUSTODIAN: "Custodian", Kind.COLUMN: "Column"}

pages = section("suggestions", permission="dataset:read")


@pages.get("/suggest")
def show() -> Response:
    """`{"items": [{"label", "kind", "href"}]}` for the beginning of a search in `q`; empty when nothing begins so."""
    text = addresses.plain(request.args.get("q", ""))
    try:
        found = suggestions.suggest(reading(), runtime().backend, text)
    except IndexUnavailable:
        # Nobody who types misses what would only have been offered.
        found = ()
    answer = jsonify({"items": [_item(each) for each in found]})
    answer.cache_control.public = True
    answer.cache_control.max_age = KEPT_SECONDS
    return answer


def _item(suggestion: Suggestion) -> dict[str, str]:
    kind = LABELS[suggestion.kind]
    if suggestion.count is not None:
        kind = f"{kind}, {wording.counted(suggestion.count, 'dataset')}"
    return {"label": wording.shortened(suggestion.label, LONGEST_LABEL), "kind": kind, "href": _href(suggestion)}


def _href(suggestion: Suggestion) -> str:
    if suggestion.kind is Kind.TITLE:
        return url_for("datasets.show", identifier=suggestion.value)
    if suggestion.kind is Kind.COLUMN:
        return column_search(suggestion.value)
    return addresses.address(PageQuery(filters={suggestion.kind.value: (suggestion.value,)}))
