"""A person's library: datasets that they keep, with notes."""

from flask import Response, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import Form, TextAreaField

from catalogue import clock
from catalogue.domain.errors import Invalid
from catalogue.domain.permissions import require
from catalogue.export import spreadsheet
from catalogue.runtime import runtime
from catalogue.services import library
from catalogue.services.enquiries import MOST_DATASETS
from catalogue.services.library import Overtaken, Sort
from catalogue.web import basket, wording
from catalogue.web.actors import current_actor
from catalogue.web.blueprints import section
from catalogue.web.forms import REFUSED_FORM, local_path, plain_lines, take
from catalogue.web.security import never_kept
from catalogue.web.sessions import reading, writing
from catalogue.web.unsent import given_back, has_token

CONFLICT = 409
"""The status of a note that was changed elsewhere meanwhile."""
HEADER = ("Identifier", "Address", "Title", "Custodian", "State", "Added", "Last change", "Note")
SORT_LABELS = {
    Sort.ADDED: "Last added first",
    Sort.TITLE: "Title",
    Sort.CUSTODIAN: "Custodian",
    Sort.CHANGED: "Newest change first",
}

pages = section("library", permission="library:keep")
pages.after_request(never_kept)


class NoteForm(Form):
    """A note of one's own about a dataset."""

    note = TextAreaField("Note (optional)")


@pages.app_context_processor
def _offered() -> dict[str, object]:
    return {"library_holds": lambda identifier: identifier in _held()}


def _held() -> frozenset[str]:
    """What the person keeps, read once a request."""
    if "library_held" not in g:
        actor = current_actor()
        g.library_held = library.held(reading(), actor) if actor.is_signed_in else frozenset()
    found: frozenset[str] = g.library_held
    return found


@pages.get("/library")
def index() -> str:
    """Everything that is kept."""
    return _library()


@pages.get("/library.csv")
def export() -> Response:
    """The same as a table, with the notes."""
    base = runtime().settings.base_url
    rows = [
        (
            each.identifier,
            base + url_for("datasets.show", identifier=each.identifier),
            each.title,
            each.custodian,
            "described" if each.is_public else each.state.value.replace("_", " "),
            each.added_at.date().isoformat(),
            each.changed_at.date().isoformat(),
            each.note,
        )
        for each in library.list_own(reading(), current_actor())
    ]
    response = Response(spreadsheet.write(HEADER, rows), mimetype=spreadsheet.MEDIA_TYPE)
    response.headers["Content-Disposition"] = 'attachment; filename="library.csv"'
    return response


@pages.get("/library/new")
def new() -> str:
    """Where a visitor comes back to who wanted to keep a dataset and had to sign in first."""
    identifier = request.args.get("dataset", "")
    return _new(identifier, NoteForm())


@pages.post("/library")
def add() -> ResponseReturnValue:
    """Keep a dataset, and go on to where the button leads."""
    form, identifier = NoteForm(request.form), request.form.get("dataset", "")
    try:
        library.add(writing(), current_actor(), identifier, note=plain_lines(form.note.data), at=clock.now())
    except Invalid as refusal:
        take(form, refusal.problems)
        return _new(identifier, form), REFUSED_FORM
    return redirect(local_path(request.form.get("next") or url_for("library.index")), code=303)


@pages.post("/library/remove")
def remove() -> ResponseReturnValue:
    """Keep a dataset no longer. In the library it can be put back."""
    identifier = request.form.get("dataset", "")
    library.remove(writing(), current_actor(), identifier, at=clock.now())
    undo = url_for("library.index", removed=identifier)
    return redirect(local_path(request.form.get("next") or undo), code=303)


@pages.post("/library/<identifier>/note")
@require("dataset:read")
def write_note(identifier: str) -> ResponseReturnValue:
    """Take a note. What was typed is never lost: whatever keeps it from being saved shows it again."""
    form, actor = NoteForm(request.form), current_actor()
    target = url_for("library.index", sort=_sort().value, _anchor=f"dataset-{identifier}")
    note = plain_lines(form.note.data)
    if not actor.is_signed_in or not has_token():
        return given_back(note, target)
    try:
        seen = plain_lines(request.form.get("seen"))
        library.write_note(writing(), actor, identifier, note, seen=seen)
    except Invalid as refusal:
        take(form, refusal.problems)
        return _library({identifier: form}), REFUSED_FORM
    except Overtaken as refusal:
        form.note.errors = (f"{refusal} It says now: “{wording.shortened(refusal.saved, 300)}”",)
        return _library({identifier: form}), CONFLICT
    return redirect(target, code=303)


@pages.post("/library/ask")
def ask() -> ResponseReturnValue:
    """Choose what is ticked, or everything, to ask about."""
    kept = library.list_own(reading(), current_actor())
    wanted = library.public_among(kept, request.form.getlist("dataset"))
    has_room = all(map(basket.put, wanted[: MOST_DATASETS + 1]))
    return redirect(url_for("enquiries.new", full=None if has_room else "yes"), code=303)


def _sort() -> Sort:
    asked = request.args.get("sort", "")
    return Sort(asked) if asked in set(Sort) else Sort.ADDED


def _library(forms: dict[str, NoteForm] | None = None) -> str:
    actor, sort = current_actor(), _sort()
    return render_template(
        "library/index.html",
        items=library.list_own(reading(), actor, sort=sort),
        forms=forms or {},
        sort=sort,
        sorts=SORT_LABELS,
        removed=library.removed(reading(), actor, request.args.get("removed", "")),
        longest=library.LONGEST_NOTE,
    )


def _new(identifier: str, form: NoteForm) -> str:
    target = local_path(request.values.get("next") or url_for("datasets.show", identifier=identifier))
    return render_template(
        "library/new.html",
        identifier=identifier,
        title=library.title_of(reading(), identifier),
        form=form,
        target=target,
    )
