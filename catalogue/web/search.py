"""Searching for datasets."""

from flask import render_template, request

from catalogue.runtime import runtime
from catalogue.services import discovery
from catalogue.web import addresses, search_offers, search_page
from catalogue.web.blueprints import section
from catalogue.web.sessions import reading

search = section("search", permission="dataset:read")


@search.get("/search")
def show() -> str:
    """A page of results; every question has an address, and every address an answer."""
    asked = addresses.read(request.args.to_dict(flat=False))
    results = discovery.search(reading(), runtime().backend, asked.query)
    offers = search_offers.build(asked.query, results.answer)
    return render_template("search/show.html", page=search_page.build(asked, results), offers=offers)
