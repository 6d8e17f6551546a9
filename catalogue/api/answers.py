"""Answers to programs as JSON, and the resources that give them."""

import hashlib
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from flask import Response, abort, request, url_for

from catalogue.api import refusals
from catalogue.api.resources import Resource, resource
from catalogue.negotiation import best
from catalogue.plugins import postponed
from catalogue.runtime import runtime

if TYPE_CHECKING:
    import marshmallow
else:
    # It takes longer to load than any page to make, and pages do without.
    marshmallow = postponed("marshmallow")

MEDIA_TYPE: Final = "application/json"
LONGEST_LINKS: Final = 4_000
"""Characters of the Link header; servers in between refuse long ones, and the document has the links too."""


def json_resource(name: str, *, permission: str) -> Resource:
    """A resource whose answers are JSON, and whose refusals are problem documents."""
    made = resource(name, permission=permission)
    made.before_request(_hold_to_json)
    refusals.guard(made)
    return made


def answer(document: Mapping[str, Any], links: Mapping[str, str] | None = None) -> Response:
    """The document, unless whoever asks has it already; `links` by their relation are said in a header as well."""
    body = json.dumps(document, ensure_ascii=False).encode() + b"\n"
    response = Response(body, mimetype=MEDIA_TYPE)
    response.set_etag(hashlib.sha256(body).hexdigest()[:32])
    response.cache_control.no_cache = True
    header = ", ".join(f'<{address}>; rel="{relation}"' for relation, address in (links or {}).items())
    if header and len(header) <= LONGEST_LINKS:
        response.headers["Link"] = header
    response.make_conditional(request)
    return response


def read(schema: "marshmallow.Schema") -> Any:  # noqa: ANN401 - what the schema makes of it
    """The parameters of the request. Raises `WrongParameters` with everything that is wrong with them."""
    try:
        return schema.load(request.args.to_dict(flat=False))
    except marshmallow.ValidationError as error:
        raise refusals.WrongParameters(_messages(error)) from error


def read_nothing() -> None:
    """The parameters of a request that takes none. Raises `WrongParameters`."""
    read(marshmallow.Schema())


def public(endpoint: str, **values: Any) -> str:
    """The public address of a resource or a page."""
    return runtime().settings.base_url + url_for(endpoint, **values)


def _messages(error: "marshmallow.ValidationError") -> dict[str, list[str]]:
    unknown = "Unknown field."
    return {
        str(name)[:100]: ["There is no such parameter here." if text == unknown else str(text) for text in texts]
        for name, texts in error.messages_dict.items()
    }


def _hold_to_json() -> None:
    if request.method != "OPTIONS" and best(request.headers.get("Accept"), [MEDIA_TYPE]) is None:
        abort(406, f"This address answers with {MEDIA_TYPE}.")
