"""Datasets side by side, at an address that can be kept."""

from flask import render_template, request

from catalogue.services import comparison
from catalogue.web import addresses, comparison_page
from catalogue.web.blueprints import section
from catalogue.web.sessions import reading

MOST_READ = 50
"""Identifiers of an address that are looked at at all."""

pages = section("comparing", permission="dataset:read")


@pages.get("/compare")
def show() -> str:
    """The datasets whose identifiers the address gives."""
    stated = (addresses.plain(each).strip() for each in request.args.getlist("dataset")[:MOST_READ])
    asked = [each for each in stated if each]
    return render_template("comparing/show.html", page=comparison_page.build(comparison.compare(reading(), asked)))
