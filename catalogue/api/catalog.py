"""The catalogue in RDF, in pages: all of it, or what one organisation has."""

from flask import Response, abort, after_this_request, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from catalogue.api.resources import resource
from catalogue.domain.errors import NotFound
from catalogue.export.base import Serialisation
from catalogue.export.serialisations import SERIALISATIONS
from catalogue.negotiation import best
from catalogue.runtime import runtime
from catalogue.services import exchange

HTML = "text/html"
LONGEST_NUMBER = 6

catalog = resource("catalog", permission="dataset:read")


@catalog.get("/catalog")
def negotiated() -> ResponseReturnValue:
    """The first page, or the one that is asked for, in the form that the request prefers."""
    custodian = request.args.get("custodian") or None
    return _negotiated(custodian, people=url_for("search.show", custodian=custodian))


@catalog.get("/catalog.<suffix>")
def document(suffix: str) -> ResponseReturnValue:
    """The same in the form that the suffix names."""
    return _page(_by_suffix(suffix), request.args.get("custodian") or None)


@catalog.get("/organisations/<slug>/catalog")
def of_organisation(slug: str) -> ResponseReturnValue:
    """What one organisation has, in the form that the request prefers."""
    return _negotiated(slug, people=url_for("organisations.show", slug=slug))


@catalog.get("/organisations/<slug>/catalog.<suffix>")
def document_of_organisation(slug: str, suffix: str) -> ResponseReturnValue:
    """The same in the form that the suffix names."""
    return _page(_by_suffix(suffix), slug)


def _negotiated(custodian: str | None, *, people: str) -> ResponseReturnValue:
    after_this_request(_varies)
    offers = {each.media_type: each for each in SERIALISATIONS}
    chosen = best(request.headers.get("Accept"), [*offers, HTML])
    if chosen is None:
        abort(406, f"This address answers with {', '.join(offers)}.")
    # A browser takes anything, but says first what people read.
    return _page(offers[chosen], custodian) if chosen in offers else redirect(people, code=303)


def _varies(response: Response) -> Response:
    """Tell caches that another request has another answer; a refusal too is only for what was asked for."""
    response.vary.add("Accept")
    return response


def _by_suffix(suffix: str) -> Serialisation:
    found = next((each for each in SERIALISATIONS if each.suffix == suffix), None)
    if found is None:
        abort(404)
    return found


def _page(serialisation: Serialisation, custodian: str | None) -> Response:
    settings = runtime().settings
    site = exchange.Site(settings.site_name, settings.base_url)
    with runtime().reading_sessions() as session:
        page = exchange.catalogue_page(
            session, _number(), serialisation, site=site, address=_address(site), custodian=custodian
        )
        return _answer(session, page, site)


def _answer(session: Session, page: exchange.CataloguePage, site: exchange.Site) -> Response:
    """The page, unless whoever asks has it already: then nothing is written at all."""
    is_known = request.if_none_match.contains_weak(page.etag)
    response = Response(status=304) if is_known else Response(exchange.written(session, page, site=site))
    response.mimetype = page.serialisation.media_type
    response.set_etag(page.etag)
    response.cache_control.no_cache = True
    return response


def _address(site: exchange.Site) -> str:
    """The address that was asked for, without the number of the page."""
    custodian = request.args.get("custodian")
    asked = {**(request.view_args or {}), **({"custodian": custodian} if custodian else {})}
    return site.base_url + url_for(request.endpoint or "", **asked)


def _number() -> int:
    stated = request.args.get("page", "1").strip()
    if not (stated.isascii() and stated.isdecimal() and len(stated) <= LONGEST_NUMBER):
        message = "Pages are counted from one."
        raise NotFound(message)
    return int(stated)
