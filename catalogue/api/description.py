"""The interface for programs about itself: where to begin, and its description as OpenAPI."""

from flask.typing import ResponseReturnValue

from catalogue.api import answers
from catalogue.api.answers import json_resource, public
from catalogue.runtime import runtime
from schemas.api import description

resource = json_resource("api_description", permission="site:read")


@resource.get("/api/v1")
def start() -> ResponseReturnValue:
    """The addresses that everything else is found from."""
    answers.read_nothing()
    links = {
        "self": public("api_description.start"),
        "datasets": public("api_datasets.listing"),
        "organisations": public("api_organisations.listing"),
        "description": public("api_description.document"),
        "page": public("interface.show"),
        "catalogue": public("catalog.negotiated"),
    }
    related = {"service-desc": links["description"], "service-doc": links["page"]}
    return answers.answer({"version": description.document()["info"]["version"], "links": links}, related)


@resource.get("/api/v1/openapi.json")
def document() -> ResponseReturnValue:
    """The description, with the address of this installation."""
    answers.read_nothing()
    servers = [{"url": runtime().settings.base_url}]
    return answers.answer({**description.document(), "servers": servers})
