"""Getting an account, and looking after it."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import Form, PasswordField, StringField
from wtforms.validators import InputRequired

from catalogue import clock
from catalogue.domain.errors import Invalid, TooMany
from catalogue.domain.permissions import require
from catalogue.services import accounts, invitations, links, registration, role_changes
from catalogue.web import actors, role_words
from catalogue.web.blueprints import section
from catalogue.web.forms import REFUSED_FORM, local_path, take
from catalogue.web.sessions import reading, writing

pages = section("accounts", permission="account:manage")


class DetailsForm(Form):
    """What people say about themselves."""

    name = StringField("Your name", [InputRequired("Enter your name.")])
    affiliation = StringField("Where you work (optional)")


class NewAccountForm(DetailsForm):
    """Who asks for an account."""

    email = StringField("E-mail address", [InputRequired("Enter your e-mail address.")])


class NewPasswordForm(Form):
    """A password, typed once: a browser can show it."""

    password = PasswordField("New password", [InputRequired("Enter a password.")])


class ChangePasswordForm(NewPasswordForm):
    """A new password from somebody who knows the old one."""

    current = PasswordField("Current password")


@pages.get("/account")
def show() -> str:
    """What the catalogue knows about the person, and what they may do."""
    return _account(None)


@pages.post("/account")
def change() -> ResponseReturnValue:
    """Take what they say about themselves."""
    form = DetailsForm(request.form)
    user_id = actors.current_actor().user_id
    if form.validate():
        try:
            accounts.change_details(
                writing(), user_id, name=form.name.data or "", affiliation=form.affiliation.data or ""
            )
            return redirect(url_for("accounts.show", saved="details"), code=303)
        except Invalid as refusal:
            take(form, refusal.problems)
    return _account(form), REFUSED_FORM


@pages.get("/account/password")
def password() -> str:
    """The form for a new password."""
    user = accounts.get(reading(), actors.current_actor().user_id)
    return render_template("accounts/password.html", form=ChangePasswordForm(), user=user)


@pages.post("/account/password")
def change_password() -> ResponseReturnValue:
    """Take a new password; this browser stays signed in, every other one is signed out."""
    form = ChangePasswordForm(request.form)
    user_id = actors.current_actor().user_id
    if form.validate():
        try:
            opened = registration.change_password(
                writing(),
                user_id,
                current=form.current.data or "",
                password=form.password.data or "",
                at=clock.now(),
            )
        except Invalid as refusal:
            take(form, refusal.problems)
        except TooMany as refusal:
            form.current.errors = (str(refusal),)
        else:
            actors.begin(*opened)
            return redirect(url_for("accounts.show", saved="password"), code=303)
    return render_template("accounts/password.html", form=form, user=accounts.get(reading(), user_id)), REFUSED_FORM


@pages.get("/account/new")
@require("account:open")
def new() -> ResponseReturnValue:
    """The form that asks for an account."""
    target = local_path(request.args.get("next"))
    return render_template("accounts/new.html", form=NewAccountForm(), target=target)


@pages.post("/account/new")
@require("account:open")
def request_new() -> ResponseReturnValue:
    """Send the mail that makes the account."""
    form, target = NewAccountForm(request.form), local_path(request.form.get("next"))
    if form.validate():
        try:
            registration.request_account(
                writing(),
                form.email.data or "",
                name=form.name.data or "",
                affiliation=form.affiliation.data or "",
                origin=request.remote_addr or "",
                at=clock.now(),
                go_on_to=target,
            )
            return redirect(url_for("accounts.requested"), code=303)
        except Invalid as refusal:
            take(form, refusal.problems)
        except TooMany as refusal:
            form.email.errors = (str(refusal),)
    return render_template("accounts/new.html", form=form, target=target), REFUSED_FORM


@pages.get("/account/requested")
@require("account:open")
def requested() -> str:
    """What happens next."""
    return render_template("accounts/requested.html")


@pages.get("/account/confirm/<token>")
@require("account:open")
def confirm(token: str) -> ResponseReturnValue:
    """Where the mail leads: choose a password. Looking at it leaves the link good."""
    link = links.find(reading(), registration.NEW_ACCOUNT, token, at=clock.now())
    target = local_path(request.args.get("next"))
    return render_template("accounts/confirm.html", form=NewPasswordForm(), asked=link.details, target=target)


@pages.post("/account/confirm/<token>")
@require("account:open")
def begin(token: str) -> ResponseReturnValue:
    """Make the account and sign in."""
    form, target = NewPasswordForm(request.form), local_path(request.form.get("next"))
    if form.validate():
        try:
            opened = registration.confirm_account(writing(), token, form.password.data or "", at=clock.now())
        except Invalid as refusal:
            take(form, refusal.problems)
        else:
            actors.begin(*opened)
            return redirect(target, code=303)
    link = links.find(reading(), registration.NEW_ACCOUNT, token, at=clock.now())
    return render_template("accounts/confirm.html", form=form, asked=link.details, target=target), REFUSED_FORM


def _account(form: DetailsForm | None) -> str:
    user = accounts.get(reading(), actors.current_actor().user_id)
    return render_template(
        "accounts/show.html",
        form=form or DetailsForm(data={"name": user.name, "affiliation": user.affiliation}),
        user=user,
        invited=invitations.own(reading(), actors.current_actor(), at=clock.now()),
        explained=role_words.explained,
        until=role_changes.ends_at,
    )
