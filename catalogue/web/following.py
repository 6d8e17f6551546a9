"""Following datasets and organisations."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from catalogue import clock
from catalogue.domain.alerts import Often
from catalogue.services import following
from catalogue.services.following import Subject
from catalogue.web.actors import current_actor
from catalogue.web.blueprints import section
from catalogue.web.forms import local_path
from catalogue.web.security import never_kept
from catalogue.web.sessions import reading, writing

pages = section("following", permission="news:follow")
pages.after_request(never_kept)


@pages.app_context_processor
def _offered() -> dict[str, object]:
    return {"follows": _follows}


def _follows(*, dataset: str = "", organisation: str = "") -> bool:
    """Whether whoever asks follows it."""
    actor = current_actor()
    return actor.is_signed_in and following.find(reading(), actor, Subject(dataset, organisation)) is not None


@pages.get("/following")
def index() -> str:
    """Everything that the person follows."""
    return render_template("following/index.html", items=following.list_own(reading(), current_actor()))


@pages.get("/following/new")
def new() -> str:
    """Where a visitor comes back to who wanted to follow something and had to sign in first."""
    subject = Subject(request.args.get("dataset", ""), request.args.get("organisation", ""))
    return render_template(
        "following/new.html",
        subject=subject,
        name=following.name_of(reading(), subject),
        target=_page_of(subject),
        is_followed=following.find(reading(), current_actor(), subject) is not None,
    )


@pages.post("/following")
def follow() -> ResponseReturnValue:
    """Follow it, and go back to its page."""
    subject = _subject()
    often = _often(Often.DAILY)
    following.follow(writing(), current_actor(), subject, often=often, at=clock.now())
    return redirect(local_path(request.form.get("next") or _page_of(subject)), code=303)


@pages.post("/following/stop")
def stop() -> ResponseReturnValue:
    """Follow it no longer."""
    following.stop(writing(), current_actor(), _subject())
    return redirect(local_path(request.form.get("next") or url_for("following.index")), code=303)


@pages.post("/following/<identifier>")
def change(identifier: str) -> ResponseReturnValue:
    """Take other times for mail."""
    following.change(writing(), current_actor(), identifier, often=_often(Often.OFF), at=clock.now())
    return redirect(url_for("following.index", _anchor=f"follow-{identifier}"), code=303)


def _subject() -> Subject:
    return Subject(request.form.get("dataset", ""), request.form.get("organisation", ""))


def _often(default: Often) -> Often:
    value = request.form.get("often", "")
    return Often(value) if value in set(Often) else default


def _page_of(subject: Subject) -> str:
    if subject.dataset:
        return url_for("datasets.show", identifier=subject.dataset)
    return url_for("organisations.show", slug=subject.organisation)
