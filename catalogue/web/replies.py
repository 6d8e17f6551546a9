"""Answering one question by the link that was sent, without an account."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from catalogue import clock
from catalogue.domain.errors import Invalid, Refused
from catalogue.services import thread_reading, threads
from catalogue.web import thread_page
from catalogue.web.blueprints import section
from catalogue.web.enquiry_forms import ThreadForm
from catalogue.web.forms import REFUSED_FORM, take
from catalogue.web.security import never_kept
from catalogue.web.sessions import read_anew, reading, writing
from catalogue.web.unsent import given_back, has_token

CONFLICT = 409
"""The status of a form that came too late."""

pages = section("replies", permission="enquiry:reply-by-link")
pages.after_request(never_kept)


@pages.get("/reply/<token>")
def show(token: str) -> str:
    """The question. Looking at it changes nothing: programs that check mail follow every link."""
    return _thread(token, ThreadForm.blank())


@pages.post("/reply/<token>")
def move(token: str) -> ResponseReturnValue:
    """Answer, or ask back."""
    form = ThreadForm(request.form)
    if not has_token():
        return given_back(form.words, url_for("replies.show", token=token))
    try:
        threads.move_by_link(writing(), token, form.wanted, text=form.words, key=form.once, at=clock.now())
    except Invalid as refusal:
        take(form, refusal.problems)
        return _thread(token, form), REFUSED_FORM
    except Refused as refusal:
        form.form_errors.append(str(refusal))
        read_anew()
        return _thread(token, form), CONFLICT
    return redirect(url_for("replies.show", token=token, done=form.wanted), code=303)


def _thread(token: str, form: ThreadForm) -> str:
    at = clock.now()
    acting = threads.arrive_by_link(reading(), token, at=at)
    panel = thread_page.build(thread_reading.view(reading(), acting), form, at=at)
    return render_template("replies/show.html", panel=panel, token=token)
