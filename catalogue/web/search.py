"""Searching for datasets."""

from dataclasses import replace

from flask import render_template, request

from catalogue.domain import permissions
from catalogue.runtime import runtime
from catalogue.services import comparison, discovery
from catalogue.web import actors, addresses, search_choices, search_offers, search_page
from catalogue.web.blueprints import section
from catalogue.web.sessions import reading

search = section("search", permission="dataset:read")


@search.get("/search")
def show() -> str:
    """A page of results; every question has an address, and every address an answer."""
    parameters = request.args.to_dict(flat=False)
    wants_reasons = parameters.pop("explain", None) is not None
    asked = addresses.read(parameters)
    if wants_reasons:
        asked = _explained(asked)
    chosen = comparison.chosen(reading(), asked.query.compared)
    asked = replace(asked, query=replace(asked.query, compared=tuple(each.identifier for each in chosen)))
    results = discovery.search(reading(), runtime().backend, asked.query)
    offers = search_offers.build(results, may_explain=_may_explain())
    return render_template(
        "search/show.html",
        page=search_page.build(asked, results),
        offers=offers,
        choices=search_choices.build(asked.query, chosen),
        address=addresses.address(asked.query),
    )


def _may_explain() -> bool:
    return permissions.may(actors.current_actor(), "search:explain")


def _explained(asked: addresses.Asked) -> addresses.Asked:
    """The question with the reasons for the order of its results, for those who may see them."""
    if _may_explain():
        return replace(asked, query=replace(asked.query, explain=True))
    return replace(asked, notices=(*asked.notices, "Only the alliance office sees why results are in this order."))
