"""Choosing datasets to ask about, from wherever they are shown."""

from flask import abort, redirect, request, url_for
from flask.typing import ResponseReturnValue

from catalogue.web import basket
from catalogue.web.blueprints import section
from catalogue.web.forms import local_path

pages = section("basket", permission="enquiry:prepare")


@pages.post("/requests/basket")
def choose() -> ResponseReturnValue:
    """Choose a dataset, or choose it no longer, and go on to where the button leads."""
    if not basket.is_from_here(request):
        abort(400, "This form was not sent from a page of the catalogue.")
    target = local_path(request.form.get("next"))
    if "remove" in request.form:
        basket.take_out(request.form["remove"])
        return redirect(target, code=303)
    has_room = basket.put(request.form.get("add") or request.form.get("ask", ""))
    if "ask" in request.form or not has_room:
        return redirect(url_for("enquiries.new", full=None if has_room else "yes"), code=303)
    return redirect(target, code=303)
