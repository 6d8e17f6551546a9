"""One dataset: its page in every form it is asked for, its history, the difference between two versions."""

import hashlib

from flask import Response, abort, after_this_request, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from catalogue import clock
from catalogue.domain.citations import citation
from catalogue.negotiation import best
from catalogue.runtime import runtime
from catalogue.services import dataset_facts, datasets, exchange, relations
from catalogue.services.datasets import DatasetView
from catalogue.web import dataset_page, versions_page
from catalogue.web.blueprints import section
from catalogue.web.security import nonce
from catalogue.web.sessions import reading
from schemas.crosswalks import schema_org

HTML = "text/html"

pages = section("datasets", permission="dataset:read")


@pages.get("/datasets/<identifier>")
def show(identifier: str) -> ResponseReturnValue:
    """The page, or the form of the description that the request prefers."""
    after_this_request(_varies)
    offers = {each.serialisation.media_type: each for each in exchange.offers()}
    chosen = best(request.headers.get("Accept"), [HTML, *offers])
    if chosen is None:
        abort(406, f"This address answers with {HTML}, {', '.join(offers)}.")
    view = datasets.get(reading(), identifier)
    response = _page(view) if chosen == HTML else _document(view, offers[chosen])
    return response.make_conditional(request)


def _varies(response: Response) -> Response:
    """Tell caches that another request has another answer; a refusal too is only for what was asked for."""
    response.vary.add("Accept")
    return response


@pages.get("/datasets/<identifier>.<suffix>")
def document(identifier: str, suffix: str) -> ResponseReturnValue:
    """The description in the form that the suffix names."""
    offer = next((each for each in exchange.offers() if each.serialisation.suffix == suffix), None)
    if offer is None:
        abort(404)
    return _document(datasets.get(reading(), identifier), offer).make_conditional(request)


@pages.get("/datasets/<identifier>/versions")
def versions(identifier: str) -> str:
    """Every version with what changed; with `from` and `to`, the difference between two."""
    view = datasets.get(reading(), identifier)
    history = datasets.history(reading(), identifier)
    chosen = versions_page.chosen(request.args.get("from", ""), request.args.get("to", ""), history)
    compared = datasets.compare(reading(), identifier, *chosen.numbers) if chosen.numbers else ()
    return render_template("datasets/versions.html", page=versions_page.build(view, history, chosen, compared))


def _page(view: DatasetView) -> Response:
    settings = runtime().settings
    path = url_for("datasets.show", identifier=view.dataset.identifier)
    linkage = view.description.enrichment_and_linkage
    references = (
        *linkage.is_part_of,
        *linkage.derived_from,
        *linkage.linkable_datasets,
        *linkage.similar_to_datasets,
    )
    html = render_template(
        "datasets/show.html",
        page=dataset_page.build(
            view,
            datasets.known(reading(), references),
            address=settings.base_url + path,
            read=dataset_facts.of_dataset(reading(), view.dataset.id, view.description),
            neighbours=relations.neighbours(reading(), runtime().backend, view.dataset.identifier),
        ),
        formats=[(each.label, each.serialisation.media_type, each.serialisation.suffix) for each in exchange.offers()],
        cite=citation(
            view.description,
            custodian=view.organisation.name,
            url=settings.base_url + path,
            catalogue=settings.site_name,
            published_at=view.dataset.published_at,
            read_at=clock.now(),
        ),
        structured_data=schema_org.write(
            view.description,
            url=settings.base_url + path,
            custodian=view.organisation.name,
            custodian_url=settings.base_url + url_for("organisations.show", slug=view.organisation.slug),
            catalogue=settings.site_name,
            catalogue_url=settings.base_url,
        ),
    )
    response = make_response(html)
    # The nonce differs in every answer; two pages that differ in nothing else are the same page.
    response.set_etag(hashlib.sha256(html.replace(nonce(), "").encode()).hexdigest()[:32], weak=True)
    response.cache_control.no_cache = True
    return response


def _document(view: DatasetView, offer: exchange.Offer) -> Response:
    settings = runtime().settings
    site = exchange.Site(settings.site_name, settings.base_url)
    made = exchange.representation(reading(), view, offer, site=site)
    response = Response(made.data, mimetype=made.media_type)
    response.set_etag(made.etag)
    response.last_modified = view.dataset.changed_at
    response.cache_control.no_cache = True
    return response
