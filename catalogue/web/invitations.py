"""Answering an invitation: by the link of its mail, or on the page of one's own account."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import Form, PasswordField, StringField

from catalogue import clock
from catalogue.domain.errors import Invalid
from catalogue.domain.permissions import require
from catalogue.services import invitations
from catalogue.web import actors, role_words
from catalogue.web.actors import current_actor
from catalogue.web.blueprints import section
from catalogue.web.forms import REFUSED_FORM, take
from catalogue.web.security import never_kept
from catalogue.web.sessions import reading, writing

pages = section("invitations", permission="invitation:accept")
pages.after_request(never_kept)


class NewColleagueForm(Form):
    """Who somebody is that accepts an invitation and has no account."""

    name = StringField("Your name")
    affiliation = StringField("Where you work (optional)")
    password = PasswordField("New password")


@pages.get("/invitations/<token>")
def show(token: str) -> str:
    """What somebody is invited to. Looking at it changes nothing."""
    return _invitation(token, NewColleagueForm())


@pages.post("/invitations/<token>")
def answer_by_link(token: str) -> ResponseReturnValue:
    """Decline it, accept it with a new account, or sign in with the one that is there."""
    invitation, user = invitations.get_by_link(reading(), token, at=clock.now())
    if request.form.get("do") == "decline":
        invitations.decline_by_link(writing(), token, at=clock.now())
        return render_template("invitations/declined.html", invitation=invitation)
    if user is not None:
        if current_actor().user_id != user.id:
            actors.end()
        return redirect(url_for("sign_in.show", next=request.path), code=303)
    form = NewColleagueForm(request.form)
    try:
        opened = invitations.join(
            writing(),
            token,
            name=form.name.data or "",
            affiliation=form.affiliation.data or "",
            password=form.password.data or "",
            at=clock.now(),
        )
    except Invalid as refusal:
        take(form, refusal.problems)
        return _invitation(token, form), REFUSED_FORM
    actors.begin(*opened)
    return redirect(url_for("accounts.show", saved="joined"), code=303)


@pages.post("/account/invitations/<identifier>")
@require("account:manage")
def answer(identifier: str) -> ResponseReturnValue:
    """Accept or decline one that is for the address of one's own account."""
    accepts = request.form.get("do") == "accept"
    invitations.answer(writing(), current_actor(), identifier, accepts=accepts, at=clock.now())
    return redirect(url_for("accounts.show", saved="joined" if accepts else "declined"), code=303)


def _invitation(token: str, form: NewColleagueForm) -> str:
    invitation, user = invitations.get_by_link(reading(), token, at=clock.now())
    return render_template(
        "invitations/show.html",
        form=form,
        invitation=invitation,
        user=user,
        roles=role_words.explained(invitation),
        is_another=current_actor().is_signed_in and current_actor().email != invitation.email,
    )
