"""Every value of a facet on pages of its own, with a box to find some."""

from flask import abort, render_template, request

from catalogue.runtime import runtime
from catalogue.search.fields import FACETS
from catalogue.services import facets
from catalogue.web import addresses, values_page
from catalogue.web.blueprints import section

pages = section("values", permission="dataset:read")


@pages.get("/search/values/<name>")
def show(name: str) -> str:
    """The values of a facet of the datasets that a question finds; `find` narrows them down, `by` orders them."""
    facet = next((each for each in FACETS if each.name == name), None)
    if facet is None:
        abort(404)
    parameters = request.args.to_dict(flat=False)
    find = addresses.plain(" ".join(parameters.pop("find", ())))
    by_name = "name" in parameters.pop("by", ())
    asked = addresses.read(parameters)
    found = facets.values(runtime().backend, asked.query, name)
    page = values_page.build(facet, asked, found, find=find, by_name=by_name)
    return render_template("values/show.html", page=page)
