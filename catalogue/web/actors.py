"""Who asks, and whether they may: every address is refused that does not say who may ask for it."""

import logging

from flask import Flask, Response, current_app, g, request, session
from flask_login import LoginManager, current_user, login_user, logout_user

from catalogue import clock
from catalogue.domain import permissions
from catalogue.domain.permissions import VISITOR, Actor
from catalogue.services import sign_ins
from catalogue.web.sessions import reading

log = logging.getLogger(__name__)

KEPT_AT_SIGN_IN = ("enquiry",)
OPEN_TO_ALL = {"static": "site:read"}
"""Addresses that Flask makes itself."""

ENTRANCES = {"accounts", "home", "passwords", "sign_in"}
"""Sections to which nobody comes back after signing in: they lead in, or are where that leads anyway."""


class SignedIn:
    """Whoever is signed in, as Flask-Login asks for it. What its cookie carries is the token of the sign-in."""

    is_authenticated = True
    is_active = True
    is_anonymous = False

    def __init__(self, actor: Actor, token: str) -> None:
        self.actor = actor
        self._token = token

    def get_id(self) -> str:
        """What stands for the sign-in in the cookie."""
        return self._token


def install(app: Flask) -> None:
    """Find out who asks before anything else, and hold every address to the permission that it states."""
    app.config["SESSION_COOKIE_NAME"] = "catalogue_session"
    app.config["SESSION_COOKIE_HTTPONLY"] = True
    app.config["SESSION_COOKIE_SAMESITE"] = "Lax"
    app.config["SESSION_COOKIE_SECURE"] = app.extensions["catalogue"].settings.base_url.startswith("https:")
    # The sign-in itself is in the database and ends there; telephones change their address all day.
    app.config["SESSION_PROTECTION"] = None
    manager = LoginManager()
    manager.init_app(app, add_context_processor=False)
    manager.user_loader(_load)
    app.before_request(_hold_to_permission)
    app.after_request(_keep_private)
    app.context_processor(lambda: {"actor": current_actor(), "may": _may, "come_back_to": come_back_to})


def current_actor() -> Actor:
    """Whoever asks; a visitor when nobody is signed in."""
    actor = getattr(current_user, "actor", VISITOR)
    return actor if isinstance(actor, Actor) else VISITOR


def begin(actor: Actor, token: str) -> None:
    """Sign the browser in; nothing of the session it had before stays, least of all a token that somebody gave it.

    What the visitor gathered for a question stays: it opens nothing of anybody else's.
    """
    gathered = {name: session[name] for name in KEPT_AT_SIGN_IN if name in session}
    end()
    session.update(gathered)
    login_user(SignedIn(actor, token))


def end() -> None:
    """Forget in the browser who was signed in, and everything else that the session held."""
    logout_user()
    g.pop("csrf_token", None)
    session.clear()


def permission_of(app: Flask, endpoint: str) -> str | None:
    """What an address asks for: what its view says (`domain.permissions.require`), else what its section says."""
    if endpoint in OPEN_TO_ALL:
        return OPEN_TO_ALL[endpoint]
    section = app.blueprints.get(endpoint.rpartition(".")[0])
    stated = getattr(app.view_functions[endpoint], "permission", None) or getattr(section, "permission", None)
    return str(stated) if stated else None


def come_back_to() -> str | None:
    """Where to go on after signing in from here; None where there is nothing to come back to."""
    is_page = request.method in {"GET", "HEAD"} and request.endpoint is not None
    return None if not is_page or request.blueprint in ENTRANCES else request.full_path.rstrip("?")


def _load(token: str) -> SignedIn | None:
    actor = sign_ins.actor_of(reading(), token, at=clock.now())
    return SignedIn(actor, token) if actor.is_signed_in else None


def _may(permission: str, organisation_id: int | None = None, *, is_claimed: bool = True) -> bool:
    return permissions.may(current_actor(), permission, organisation_id, is_claimed=is_claimed)


def _hold_to_permission() -> None:
    if request.endpoint is None:
        return
    permission = permission_of(current_app, request.endpoint)
    if permission is None:
        log.error("%s is refused to everybody: neither its view nor its section states a permission", request.endpoint)
    # What everybody may do needs nobody's name, and an answer that knows none can be kept by any cache.
    if not permissions.may(VISITOR, permission or ""):
        permissions.check(current_actor(), permission or "")


def _keep_private(response: Response) -> Response:
    """A page for one person is nobody else's, and no cache's; one that lets somebody in is not kept at all."""
    if request.blueprint in ENTRANCES - {"home"}:
        response.cache_control.no_store = True
    elif session.accessed and current_actor().is_signed_in:
        response.headers.setdefault("Cache-Control", "no-cache")
        response.cache_control.private = True
    return response
