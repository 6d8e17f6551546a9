"""Headers that every page carries."""

import secrets

from flask import Flask, Response, g, request

from catalogue.domain.errors import NotFound


def install(app: Flask) -> None:
    """Send the security headers with every response, give templates the nonce, know no address that names nothing."""
    app.before_request(_refuse_odd_addresses)
    app.after_request(_headers)
    app.context_processor(lambda: {"csp_nonce": nonce()})


def nonce() -> str:
    """The request's nonce for the scripts that a page loads."""
    if "csp_nonce" not in g:
        g.csp_nonce = secrets.token_urlsafe(16)
    value: str = g.csp_nonce
    return value


def never_kept(response: Response) -> Response:
    """Keep a page out of every cache: it is for whoever holds a link, or shows what somebody is writing."""
    response.headers["Cache-Control"] = "no-store"
    return response


def _refuse_odd_addresses() -> None:
    """Nothing is called by a control character, and PostgreSQL refuses to look for some of them."""
    names = (request.view_args or {}).values()
    if any(isinstance(name, str) and not name.isprintable() for name in names):
        raise NotFound(request.path)


def _headers(response: Response) -> Response:
    policy = (
        "default-src 'none'; "
        f"script-src 'self' 'nonce-{nonce()}'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; manifest-src 'self'"
    )
    response.headers.setdefault("Content-Security-Policy", policy)
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("Referrer-Policy", "same-origin")
    response.headers.setdefault("X-Frame-Options", "DENY")
    response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    response.headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
    return response
