"""Claiming an organisation, confirming a claim as its published contact, deciding on claims as the office."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import Form, TextAreaField

from catalogue import clock
from catalogue.domain.errors import Invalid, TooMany
from catalogue.domain.permissions import require
from catalogue.services import claims, organisations, people
from catalogue.web.actors import current_actor
from catalogue.web.blueprints import section
from catalogue.web.forms import REFUSED_FORM, plain_lines, take
from catalogue.web.security import never_kept
from catalogue.web.sessions import reading, writing

pages = section("claims", permission="claim:decide")
pages.after_request(never_kept)


class ClaimForm(Form):
    """What somebody does at an organisation."""

    reason = TextAreaField("What you do there")


@pages.get("/organisations/<slug>/claim")
@require("organisation:claim")
def new(slug: str) -> ResponseReturnValue:
    """How claiming goes, and the form; whoever has claimed it goes on to its people."""
    if people.can_manage(current_actor(), organisations.get(reading(), slug)):
        return redirect(url_for("people.index", slug=slug), code=303)
    return _form(slug, ClaimForm())


@pages.post("/organisations/<slug>/claim")
@require("organisation:claim")
def make(slug: str) -> ResponseReturnValue:
    """Claim it."""
    form = ClaimForm(request.form)
    try:
        claims.make(writing(), current_actor(), slug, reason=plain_lines(form.reason.data), at=clock.now())
    except Invalid as refusal:
        take(form, refusal.problems)
    except TooMany as refusal:
        form.form_errors.append(str(refusal))
    else:
        return redirect(url_for("claims.new", slug=slug), code=303)
    return _form(slug, form), REFUSED_FORM


@pages.get("/claims/<token>")
@require("claim:confirm")
def show(token: str) -> str:
    """What a published contact is asked to confirm. Looking at it changes nothing."""
    return render_template("claims/confirm.html", claim=claims.get_by_link(reading(), token, at=clock.now()))


@pages.post("/claims/<token>")
@require("claim:confirm")
def confirm(token: str) -> str:
    """Confirm it."""
    return render_template("claims/confirmed.html", claim=claims.confirm(writing(), token, at=clock.now()))


@pages.get("/admin/claims")
def index() -> str:
    """Claims that wait for the office."""
    return render_template("claims/index.html", claims=claims.list_waiting(reading(), current_actor()))


@pages.post("/admin/claims/<identifier>")
def decide(identifier: str) -> ResponseReturnValue:
    """Approve or refuse one."""
    work = claims.approve if request.form.get("decision") == "approve" else claims.refuse
    claim = work(writing(), current_actor(), identifier, at=clock.now())
    return redirect(url_for("claims.index", done=claim.state.value), code=303)


def _form(slug: str, form: ClaimForm) -> str:
    organisation = claims.claimable(reading(), slug)
    return render_template(
        "claims/new.html",
        form=form,
        organisation=organisation,
        contact=claims.contact_of(organisation),
        waiting=claims.find_own(reading(), current_actor(), organisation),
    )
