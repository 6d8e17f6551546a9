"""Refusals as pages, mapped once; views catch nothing."""

import logging

from flask import Flask, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DataError, IntegrityError, OperationalError
from werkzeug.exceptions import HTTPException, InternalServerError

from catalogue.domain.errors import Gone, LinkEnded, Moved, NotAllowed, NotFound, Refused, TooMany
from catalogue.search.backend import IndexUnavailable
from catalogue.services import datasets
from catalogue.web.actors import current_actor
from catalogue.web.sessions import read_anew, reading
from catalogue.web.unsent import given_back, page_of_form, typed_words

log = logging.getLogger(__name__)


def install(app: Flask) -> None:
    """Give every refusal its page."""
    app.register_error_handler(NotFound, _not_found)
    app.register_error_handler(Moved, _moved)
    app.register_error_handler(Gone, _gone)
    app.register_error_handler(NotAllowed, _not_allowed)
    app.register_error_handler(LinkEnded, _link_ended)
    app.register_error_handler(Refused, _refused)
    app.register_error_handler(TooMany, _too_many)
    app.register_error_handler(CSRFError, _form_expired)
    app.register_error_handler(IndexUnavailable, _unavailable)
    app.register_error_handler(OperationalError, _unavailable)
    app.register_error_handler(IntegrityError, _overtaken)
    app.register_error_handler(DataError, _not_understood)
    app.register_error_handler(HTTPException, _http)


def _not_found(_error: NotFound) -> ResponseReturnValue:
    return render_template("errors/not_found.html"), 404


def _moved(error: Moved) -> ResponseReturnValue:
    arguments = {**(request.view_args or {}), "identifier": error.identifier}
    return redirect(url_for(request.endpoint or "datasets.show", **arguments), code=301)


def _gone(error: Gone) -> ResponseReturnValue:
    return render_template("errors/gone.html", dataset=datasets.tombstone(reading(), error.identifier)), 410


def _not_allowed(error: NotAllowed) -> ResponseReturnValue:
    """A visitor may be somebody who can: sign in first, and come back to what was asked for."""
    if current_actor().is_signed_in:
        return render_template("errors/not_allowed.html", reason=str(error)), 403
    if words := typed_words():
        return given_back(words, page_of_form())
    asked = request.full_path.rstrip("?") if request.method in {"GET", "HEAD"} else None
    response = redirect(url_for("sign_in.show", next=asked), code=303)
    response.cache_control.no_store = True
    return response


def _link_ended(_error: LinkEnded) -> ResponseReturnValue:
    return render_template("errors/link_ended.html"), 410


def _refused(error: Refused) -> ResponseReturnValue:
    return render_template("errors/refused.html", name="That cannot be done now", description=str(error)), 409


def _too_many(error: TooMany) -> ResponseReturnValue:
    return render_template("errors/refused.html", name="Too many attempts", description=str(error)), 429


def _overtaken(error: IntegrityError) -> ResponseReturnValue:
    """Two did the same at the same moment, and the database let one of them through."""
    log.warning("a change was overtaken by another: %s", error.orig)
    said = "Somebody else did this at the same moment. Nothing was changed; go back and look at what is there now."
    return render_template("errors/refused.html", name="That cannot be done now", description=said), 409


def _not_understood(error: DataError) -> ResponseReturnValue:
    """A value that the database can neither hold nor look for: nobody types one."""
    log.warning("a value was refused by the database: %s", error.orig)
    read_anew()
    said = "Part of what was sent cannot be read. Nothing was changed."
    return render_template("errors/refused.html", name="That was not understood", description=said), 400


def _form_expired(_error: CSRFError) -> ResponseReturnValue:
    return render_template("errors/form_expired.html", target=page_of_form()), 400


def _unavailable(error: Exception) -> ResponseReturnValue:
    log.error("a page could not be served: %s", error)
    return render_template("errors/unavailable.html"), 503


def _http(error: HTTPException) -> ResponseReturnValue:
    if isinstance(error, InternalServerError):
        return render_template("errors/failed.html"), 500
    if error.code == 404:  # noqa: PLR2004 - the status it is
        return render_template("errors/not_found.html"), 404
    if error.code is None or error.code < 400:  # noqa: PLR2004 - redirects pass through
        return error.get_response()
    page = render_template("errors/refused.html", name=error.name, description=error.description)
    return page, error.code, [(key, value) for key, value in error.get_headers() if key != "Content-Type"]
