"""Organisations and their datasets."""

from flask import render_template

from catalogue.runtime import runtime
from catalogue.search.backend import SearchQuery
from catalogue.services import discovery, organisations
from catalogue.web import addresses
from catalogue.web.blueprints import section
from catalogue.web.contacts import contact_of
from catalogue.web.sessions import reading

SHOWN_DATASETS = 20

pages = section("organisations", permission="organisation:read")


@pages.get("/organisations")
def index() -> str:
    """Every organisation, with what it describes."""
    listed = organisations.list_with_datasets(reading())
    return render_template(
        "organisations/index.html",
        holders=[each for each in listed if each.datasets],
        others=[each for each in listed if not each.datasets],
        largest=max((each.datasets for each in listed), default=0),
    )


@pages.get("/organisations/<slug>")
def show(slug: str) -> str:
    """One organisation: who it is, how to reach it, what it describes."""
    organisation = organisations.get(reading(), slug)
    query = SearchQuery(filters={"custodian": (slug,)}, per_page=SHOWN_DATASETS)
    results = discovery.search(reading(), runtime().backend, query)
    return render_template(
        "organisations/show.html",
        organisation=organisation,
        contact=contact_of(organisation.contact_point),
        results=results,
        all_href=addresses.address(SearchQuery(filters={"custodian": (slug,)})),
    )
