"""What machines ask a running catalogue: whether it lives, whether it can serve, what there is to crawl."""

import logging

from flask import Response, abort, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from catalogue.runtime import runtime
from catalogue.search.backend import IndexUnavailable, SearchQuery
from catalogue.services import datasets
from catalogue.web.blueprints import section
from catalogue.web.sessions import reading

log = logging.getLogger(__name__)

SITEMAP_ENTRIES = 49_990
"""Datasets in one sitemap, which may hold 50,000 addresses (sitemaps.org, protocol) and has those of pages too."""

operations = section("operations", permission="site:read")


@operations.get("/healthz")
def healthz() -> ResponseReturnValue:
    """The process answers."""
    return {"status": "ok"}


@operations.get("/readyz")
def readyz() -> ResponseReturnValue:
    """The process can serve pages: its database and its index answer."""
    parts = {"database": _database_answers(), "index": _index_answers()}
    answer = {"status": "ok" if all(parts.values()) else "unavailable"}
    return answer | {name: "ok" if well else "unavailable" for name, well in parts.items()}, (
        200 if all(parts.values()) else 503
    )


@operations.get("/robots.txt")
def robots() -> Response:
    """What crawlers may read: everything but the countless combinations of filters, and the ways in."""
    closed = ("/search?", "/search.", "/sign-in", "/account", "/password", "/admin")
    lines = [
        "User-agent: *",
        *(f"Disallow: {path}" for path in closed),
        f"Sitemap: {_public('operations.sitemap')}",
        "",
    ]
    return Response("\n".join(lines), mimetype="text/plain")


@operations.get("/sitemap.xml")
def sitemap() -> Response:
    """The address of everything public; with more than one sitemap holds, the addresses of its parts."""
    total = datasets.count_public(reading())
    if total <= SITEMAP_ENTRIES:
        return _sitemap(0, with_pages=True)
    parts = [_public("operations.sitemap_part", number=number) for number in range(1, -(-total // SITEMAP_ENTRIES) + 1)]
    return Response(render_template("operations/sitemap_index.xml", parts=parts), mimetype="application/xml")


@operations.get("/sitemap-<int:number>.xml")
def sitemap_part(number: int) -> Response:
    """One part of a long sitemap, counted from one."""
    if number < 1 or (number - 1) * SITEMAP_ENTRIES >= datasets.count_public(reading()):
        abort(404)
    return _sitemap((number - 1) * SITEMAP_ENTRIES, with_pages=number == 1)


def _sitemap(offset: int, *, with_pages: bool) -> Response:
    listed = datasets.list_public(reading(), offset=offset, limit=SITEMAP_ENTRIES)
    entries = [(_public("datasets.show", identifier=identifier), changed) for identifier, changed in listed]
    pages = [_public(name) for name in ("home.show", "search.show", "organisations.index", "about.show")]
    page = render_template("operations/sitemap.xml", pages=pages if with_pages else [], entries=entries)
    return Response(page, mimetype="application/xml")


def _public(endpoint: str, **values: object) -> str:
    return runtime().settings.base_url + url_for(endpoint, **values)  # type: ignore[arg-type]


def _database_answers() -> bool:
    try:
        reading().execute(text("SELECT 1"))
    except SQLAlchemyError:
        log.exception("the database does not answer")
        return False
    return True


def _index_answers() -> bool:
    try:
        runtime().backend.search(SearchQuery(per_page=1))
    except IndexUnavailable:
        log.exception("the index does not answer")
        return False
    return True
