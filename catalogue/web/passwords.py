"""A way back in for whoever has forgotten the password."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import Form, StringField
from wtforms.validators import InputRequired

from catalogue import clock
from catalogue.domain.errors import Invalid, TooMany
from catalogue.services import links, registration
from catalogue.web import actors
from catalogue.web.accounts import NewPasswordForm
from catalogue.web.blueprints import section
from catalogue.web.forms import REFUSED_FORM, take
from catalogue.web.sessions import reading, writing

pages = section("passwords", permission="account:open", url_prefix="/password")


class ForgottenForm(Form):
    """Whose password it is."""

    email = StringField("E-mail address", [InputRequired("Enter your e-mail address.")])


@pages.get("/forgotten")
def forgotten() -> str:
    """The form."""
    return render_template("passwords/forgotten.html", form=ForgottenForm())


@pages.post("/forgotten")
def ask() -> ResponseReturnValue:
    """Send the mail."""
    form = ForgottenForm(request.form)
    if form.validate():
        try:
            registration.forgotten(writing(), form.email.data or "", origin=request.remote_addr or "", at=clock.now())
            return redirect(url_for("passwords.asked"), code=303)
        except Invalid as refusal:
            take(form, refusal.problems)
        except TooMany as refusal:
            form.email.errors = (str(refusal),)
    return render_template("passwords/forgotten.html", form=form), REFUSED_FORM


@pages.get("/asked")
def asked() -> str:
    """What happens next."""
    return render_template("passwords/asked.html")


@pages.get("/new/<token>")
def new(token: str) -> str:
    """Where the mail leads: choose a password. Looking at it leaves the link good."""
    link = links.find(reading(), registration.NEW_PASSWORD, token, at=clock.now())
    return render_template("passwords/new.html", form=NewPasswordForm(), person=registration.owner(reading(), link))


@pages.post("/new/<token>")
def choose(token: str) -> ResponseReturnValue:
    """Take the password and sign in."""
    form = NewPasswordForm(request.form)
    if form.validate():
        try:
            opened = registration.choose_password(writing(), token, form.password.data or "", at=clock.now())
        except Invalid as refusal:
            take(form, refusal.problems)
        else:
            actors.begin(*opened)
            return redirect(url_for("accounts.show", saved="password"), code=303)
    link = links.find(reading(), registration.NEW_PASSWORD, token, at=clock.now())
    person = registration.owner(reading(), link)
    return render_template("passwords/new.html", form=form, person=person), REFUSED_FORM
