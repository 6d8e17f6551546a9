"""Every search as an Atom feed: what it finds, by when there was news of it."""

from dataclasses import replace
from hashlib import sha256
from typing import TYPE_CHECKING

from flask import Response, request, url_for
from flask.typing import ResponseReturnValue

from catalogue.domain.errors import NotFound
from catalogue.plugins import postponed
from catalogue.runtime import runtime
from catalogue.search.backend import SearchQuery
from catalogue.services import feeds
from catalogue.services.feeds import FeedPage
from catalogue.web import addresses, question_names
from catalogue.web.blueprints import section
from catalogue.web.sessions import reading

if TYPE_CHECKING:
    from catalogue.export import atom
else:
    atom = postponed("catalogue.export.atom")

pages = section("search_feed", permission="dataset:read")


@pages.app_context_processor
def _offered() -> dict[str, object]:
    return {"feed_href": lambda query: _address(question_names.plain(query))}


@pages.get("/search.atom")
def show() -> ResponseReturnValue:
    """A page of the feed."""
    query = addresses.read(request.args.to_dict(flat=False)).query
    question = question_names.plain(query)
    page = feeds.page(reading(), runtime().backend, replace(question, page=query.page))
    if page.number > page.last:
        message = f"The feed ends on page {page.last}."
        raise NotFound(message)
    body = atom.write(_feed(question, page))
    response = Response(body, mimetype=atom.MEDIA_TYPE)
    response.set_etag(sha256(body).hexdigest()[:32])
    response.last_modified = page.updated_at
    response.cache_control.no_cache = True
    return response.make_conditional(request)


def _feed(question: SearchQuery, page: FeedPage) -> "atom.Feed":
    settings = runtime().settings
    base = settings.base_url
    numbers = {
        "self": page.number,
        "first": 1,
        "previous": page.number - 1,
        "next": page.number + 1,
        "last": page.last,
    }
    return atom.Feed(
        iri=base + _address(question),
        title=f"{question_names.name_of(question)} - {settings.site_name}",
        author=settings.site_name,
        updated=page.updated_at,
        page=base + addresses.address(question),
        links=[
            (relation, base + _address(replace(question, page=number)))
            for relation, number in numbers.items()
            if 1 <= number <= page.last
        ],
        entries=[
            atom.Entry(
                iri=base + url_for("datasets.show", identifier=each.identifier),
                title=each.title,
                author=each.custodian,
                published=min(each.published_at, each.noticed_at),
                updated=each.noticed_at,
                summary=each.summary,
            )
            for each in page.items
        ],
    )


def _address(query: SearchQuery) -> str:
    return addresses.with_pairs(url_for("search_feed.show"), addresses.pairs(query))
