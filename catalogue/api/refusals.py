"""Refusals to programs: a problem document each (RFC 9457), never a page, whatever went wrong and wherever."""

import json
import logging
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from flask import Flask, Response, request, url_for
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException

from catalogue.api.resources import Resource
from catalogue.domain.errors import Gone, Moved, NotAllowed, NotFound
from catalogue.plugins import postponed
from catalogue.runtime import runtime
from catalogue.search.backend import IndexUnavailable

if TYPE_CHECKING:
    from schemas.api import problems
else:
    problems = postponed("schemas.api.problems")

log = logging.getLogger(__name__)

BELOW: Final = "/api/"
MEDIA_TYPE: Final = "application/problem+json"
MOST_ERRORS: Final = 20
"""Things that are wrong with one request which are told; whoever has more than that can do with fewer."""
RETRY_SECONDS: Final = 30


class WrongParameters(Exception):
    """A request that cannot be answered: what is wrong with each of its parameters."""

    def __init__(self, messages: Mapping[str, Sequence[str]]) -> None:
        super().__init__(", ".join(messages))
        self.messages = messages


def install(app: Flask) -> None:
    """Answer what leads to no resource, and let programs of all sites read what everybody may read."""
    app.before_request(_lost)
    app.after_request(_open)


def guard(resource: Resource) -> None:
    """Give every refusal of a resource its problem document."""
    resource.register_error_handler(WrongParameters, _wrong_parameters)
    resource.register_error_handler(NotFound, _not_found)
    resource.register_error_handler(Moved, _moved)
    resource.register_error_handler(Gone, _gone)
    resource.register_error_handler(NotAllowed, _not_allowed)
    resource.register_error_handler(IndexUnavailable, _unavailable)
    resource.register_error_handler(OperationalError, _unavailable)
    resource.register_error_handler(HTTPException, _http)


def problem(status: int, detail: str = "", **more: Any) -> Response:
    """A problem document as an answer; `more` stands in it as it is given."""
    said = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status}
    document = problems.ProblemDocument().dump({**said, **({"detail": detail} if detail else {}), **more})
    response = Response(json.dumps(document, ensure_ascii=False) + "\n", status=status, mimetype=MEDIA_TYPE)
    response.cache_control.no_cache = True
    return response


def _lost() -> Response | None:
    """Addresses that lead nowhere belong to no resource that could answer them."""
    error = request.routing_exception
    return _http(error) if error is not None and request.path.startswith(BELOW) else None


def _http(error: HTTPException) -> Response:
    status = error.code or HTTPStatus.INTERNAL_SERVER_ERROR
    said = {
        HTTPStatus.NOT_FOUND: "There is nothing at this address.",
        HTTPStatus.INTERNAL_SERVER_ERROR: "Something went wrong here. It has been recorded.",
    }
    response = problem(status, said.get(HTTPStatus(status), error.description or ""))
    for name, value in error.get_headers():
        if name not in {"Content-Type", "Content-Length"}:
            response.headers[name] = value
    return response


def _wrong_parameters(error: WrongParameters) -> Response:
    said = [{"parameter": name, "detail": text} for name, texts in error.messages.items() for text in texts]
    number = f"{len(said)} things are" if len(said) > 1 else "One thing is"
    detail = f"{number} wrong with the parameters."
    if len(said) > MOST_ERRORS:
        detail += f" The first {MOST_ERRORS} are listed."
    return problem(
        HTTPStatus.BAD_REQUEST,
        detail,
        type=f"{runtime().settings.base_url}{url_for('interface.show')}#wrong-parameters",
        title="Wrong parameters",
        errors=said[:MOST_ERRORS],
    )


def _not_found(_error: NotFound) -> Response:
    return problem(HTTPStatus.NOT_FOUND, "There is nothing by that name.")


def _moved(error: Moved) -> Response:
    address = url_for(request.endpoint or "", **{**(request.view_args or {}), "identifier": error.identifier})
    response = problem(HTTPStatus.MOVED_PERMANENTLY, f"The dataset is {error.identifier} now.")
    response.location = runtime().settings.base_url + address
    return response


def _gone(_error: Gone) -> Response:
    return problem(HTTPStatus.GONE, "The dataset was withdrawn.")


def _not_allowed(error: NotAllowed) -> Response:
    return problem(HTTPStatus.FORBIDDEN, str(error))


def _unavailable(error: Exception) -> Response:
    log.error("a program could not be answered: %s", error)
    response = problem(HTTPStatus.SERVICE_UNAVAILABLE, "The catalogue cannot answer at the moment.")
    response.headers["Retry-After"] = str(RETRY_SECONDS)
    return response


def _open(response: Response) -> Response:
    """Let scripts of other sites read answers: everybody may read them, and they are the same for everybody.

    No cookie is read for any of them, and with this value browsers send none (Fetch standard, section 3.3).
    """
    if not request.path.startswith(BELOW):
        return response
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Access-Control-Expose-Headers"] = "ETag, Link, Retry-After"
    if request.method == "OPTIONS" and response.status_code == HTTPStatus.OK:
        response.status_code = HTTPStatus.NO_CONTENT
        del response.headers["Content-Type"]
        response.headers["Access-Control-Allow-Methods"] = response.headers.get("Allow", "")
        response.headers["Access-Control-Allow-Headers"] = "Accept, If-None-Match"
        response.headers["Access-Control-Max-Age"] = "86400"
    return response
