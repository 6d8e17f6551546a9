"""The first page."""

from flask import render_template

from catalogue.runtime import runtime
from catalogue.services import discovery
from catalogue.web import view_models
from catalogue.web.blueprints import section
from catalogue.web.sessions import reading

home = section("home", permission="site:read")


@home.get("/")
def show() -> str:
    """What is here, and where to begin."""
    overview = discovery.overview(reading(), runtime().backend)
    return render_template("home/show.html", overview=overview, groups=view_models.browse_groups(overview))
