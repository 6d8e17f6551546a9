"""Signing in and out."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from wtforms import Form, PasswordField, StringField
from wtforms.validators import InputRequired

from catalogue import clock
from catalogue.domain.errors import Refused, TooMany
from catalogue.services import links, registration, sign_ins
from catalogue.web import actors
from catalogue.web.blueprints import section
from catalogue.web.forms import REFUSED_FORM, local_path
from catalogue.web.sessions import reading, writing

pages = section("sign_in", permission="account:open")


class SignInForm(Form):
    """Who wants to come in."""

    email = StringField("E-mail address", [InputRequired("Enter your e-mail address.")])
    password = PasswordField("Password", [InputRequired("Enter your password.")])


@pages.get("/sign-in")
def show() -> ResponseReturnValue:
    """The form; whoever is signed in already goes on."""
    target = local_path(request.args.get("next"))
    if actors.current_actor().is_signed_in:
        return redirect(target, code=303)
    return render_template("sign_in/show.html", form=SignInForm(), target=target)


@pages.post("/sign-in")
def begin() -> ResponseReturnValue:
    """Sign in, and go on to where the visitor was going."""
    form, target = SignInForm(request.form), local_path(request.form.get("next"))
    if form.validate():
        try:
            opened = sign_ins.sign_in(
                writing(),
                form.email.data or "",
                form.password.data or "",
                origin=request.remote_addr or "",
                at=clock.now(),
            )
        except (Refused, TooMany) as refusal:
            form.email.errors = (str(refusal),)
        else:
            actors.begin(*opened)
            return redirect(target, code=303)
    return render_template("sign_in/show.html", form=form, target=target), REFUSED_FORM


@pages.post("/sign-out")
def end() -> ResponseReturnValue:
    """Sign out."""
    if current_user.is_authenticated:
        sign_ins.sign_out(writing(), current_user.get_id())
    actors.end()
    return redirect(url_for("home.show"), code=303)


@pages.get("/sign-in/link/<token>")
def link(token: str) -> ResponseReturnValue:
    """What a one-time link opens. Looking at it leaves it good: programs that check mail follow every link."""
    found = links.find(reading(), sign_ins.LINK, token, at=clock.now())
    return render_template("sign_in/link.html", person=registration.owner(reading(), found))


@pages.post("/sign-in/link/<token>")
def begin_with_link(token: str) -> ResponseReturnValue:
    """Use the link up and sign in."""
    actors.begin(*sign_ins.with_link(writing(), token, at=clock.now()))
    return redirect(url_for("accounts.show"), code=303)
