"""What the catalogue is and how it works."""

from flask import render_template

from catalogue.export.serialisations import SERIALISATIONS
from catalogue.web.blueprints import section

about = section("about", permission="site:read")


@about.get("/about")
def show() -> str:
    """The page about the catalogue."""
    return render_template("about/show.html", serialisations=SERIALISATIONS)
