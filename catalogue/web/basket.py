"""The datasets that a visitor has chosen to ask about, kept in the session cookie, and where a draft is kept."""

import secrets
from urllib.parse import urlsplit

from flask import Flask, Request, session

from catalogue.services.enquiries import MOST_DATASETS
from catalogue.services.enquiry_drafts import Writer
from catalogue.services.links import TOKEN_BYTES
from catalogue.web.actors import current_actor

KEY = "enquiry"
"""The part of the session that signing in leaves as it is: public identifiers, and the token of the own draft."""
LONGEST_IDENTIFIER = 36


def install(app: Flask) -> None:
    """Let every page say how many datasets are chosen, and which."""
    app.context_processor(lambda: {"basket": chosen(), "basket_limit": MOST_DATASETS})


def chosen() -> tuple[str, ...]:
    """The identifiers of the chosen datasets, in the order of choosing."""
    kept = session.get(KEY, {}).get("datasets", [])
    return tuple(kept)


def put(identifier: str) -> bool:
    """Choose a dataset; False when there is no room for another."""
    kept = chosen()
    if identifier in kept or not 0 < len(identifier) <= LONGEST_IDENTIFIER or not identifier.isprintable():
        return True
    if len(kept) >= MOST_DATASETS:
        return False
    _keep(datasets=[*kept, identifier])
    return True


def replace(identifiers: tuple[str, ...]) -> None:
    """Choose these and no others."""
    _keep(datasets=list(identifiers[:MOST_DATASETS]))


def take_out(identifier: str) -> None:
    """Choose it no longer."""
    _keep(datasets=[each for each in chosen() if each != identifier])


def empty() -> None:
    """Forget what was chosen and where the draft is: the question was sent."""
    session.pop(KEY, None)


def writer() -> Writer:
    """Whose draft this browser writes."""
    return Writer(user_id=current_actor().user_id, browser=session.get(KEY, {}).get("writer", ""))


def new_writer_token() -> str:
    """A new token for the draft of a visitor; the browser knows no other from now on."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    _keep(writer=token)
    return token


def is_from_here(asked: Request) -> bool:
    """Whether a form was sent from a page of this site, as browsers say it; programs that say nothing pass.

    It stands for the token of a form where pages are the same for everybody and have none, and the only thing that
    changes is the visitor's own cookie.
    """
    site = asked.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site in {"same-origin", "none"}
    origin = asked.headers.get("Origin")
    return origin is None or urlsplit(origin).netloc == asked.host


def _keep(**changes: object) -> None:
    session[KEY] = {**session.get(KEY, {}), **changes}
