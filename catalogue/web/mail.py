"""What became of mail, for the alliance office; where mail goes into a folder, the mail itself."""

from pathlib import Path

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from catalogue import clock
from catalogue.domain.permissions import require
from catalogue.mail.folder import FolderMailer, find_kept, kept_in
from catalogue.runtime import runtime
from catalogue.services import deliveries
from catalogue.web.actors import current_actor
from catalogue.web.blueprints import section
from catalogue.web.security import never_kept
from catalogue.web.sessions import reading, writing

SHOWN = 200

pages = section("mail", permission="mail:read", url_prefix="/admin/mail")
pages.after_request(never_kept)


@pages.get("")
def index() -> str:
    """Mail that did not arrive or may not have, and what is in the folder."""
    folder = _folder()
    return render_template(
        "mail/index.html",
        undelivered=deliveries.undelivered(reading()),
        is_folder=folder is not None,
        mails=kept_in(folder)[:SHOWN] if folder is not None else (),
    )


@pages.post("/again")
@require("mail:send-again")
def send_again() -> ResponseReturnValue:
    """Send one again that was refused, or of which nobody knows whether it arrived."""
    deliveries.send_again(writing(), current_actor(), request.form.get("key", ""), at=clock.now())
    return redirect(url_for("mail.index", done="again"), code=303)


@pages.get("/<name>")
def show(name: str) -> str:
    """One mail of the folder."""
    folder = _folder()
    mail = find_kept(folder, name) if folder is not None else None
    if mail is None:
        abort(404)
    return render_template("mail/show.html", mail=mail)


def _folder() -> Path | None:
    mailer = runtime().mailer
    return mailer.folder if isinstance(mailer, FolderMailer) else None
