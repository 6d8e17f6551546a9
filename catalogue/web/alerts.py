"""Ending mail by the link in it, without signing in: for people, and for mail programs (RFC 8058)."""

from flask import render_template
from flask.typing import ResponseReturnValue

from catalogue.domain.errors import LinkEnded
from catalogue.runtime import runtime
from catalogue.services import stop_links
from catalogue.services.stop_links import Scope, Target
from catalogue.web.blueprints import section
from catalogue.web.security import never_kept
from catalogue.web.sessions import reading, writing

pages = section("alerts", permission="news:stop-by-link", url_prefix="/alerts")
pages.after_request(never_kept)


@pages.get("/stop/<token>")
def show(token: str) -> str:
    """What the link ends, and a button: programs that look at every link of a mail end nothing."""
    target = stop_links.read(token, runtime().settings.secret_key)
    return _page(target, token, is_stopped=False)


@pages.post("/stop/<token>")
def stop(token: str) -> ResponseReturnValue:
    """End it. The signed token in the address is all that is asked for: a mail program has no cookie."""
    try:
        target = stop_links.read(token, runtime().settings.secret_key)
    except LinkEnded:
        return render_template("errors/link_ended.html"), 400
    stop_links.stop(writing(), target)
    return _page(target, token, is_stopped=True)


def _page(target: Target, token: str, *, is_stopped: bool) -> str:
    key = runtime().settings.secret_key
    person = stop_links.person_of(reading(), target)
    everything = Target(Scope.ALL, str(person)) if person is not None else None
    return render_template(
        "alerts/stop.html",
        about=stop_links.words_of(reading(), target),
        token=token,
        stop_all=stop_links.token_of(everything, key) if everything and target.scope is not Scope.ALL else "",
        is_stopped=is_stopped,
    )
