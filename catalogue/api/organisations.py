"""Organisations for programs."""

from typing import Any

from flask.typing import ResponseReturnValue
from marshmallow import Schema

from catalogue.api import answers
from catalogue.api.answers import json_resource, public
from catalogue.domain.errors import NotFound
from catalogue.runtime import runtime
from catalogue.services import organisations
from catalogue.services.organisations import Listed
from schemas.api.organisations import OrganisationItem, OrganisationList

resource = json_resource("api_organisations", permission="organisation:read")

_NOTHING = Schema()


@resource.get("/api/v1/organisations")
def listing() -> ResponseReturnValue:
    """Every organisation, by name, with what it describes."""
    answers.read(_NOTHING)
    with runtime().reading_sessions() as session:
        items = [_item(each) for each in organisations.list_with_datasets(session)]
    return answers.answer(OrganisationList().dump({"total": len(items), "items": items}))


@resource.get("/api/v1/organisations/<slug>")
def show(slug: str) -> ResponseReturnValue:
    """One organisation."""
    answers.read(_NOTHING)
    with runtime().reading_sessions() as session:
        listed = organisations.list_with_datasets(session)
        found = next((each for each in listed if each.organisation.slug == slug), None)
        if found is None:
            raise NotFound(f"There is no organisation {slug!r}.")
        return answers.answer(OrganisationItem().dump(_item(found)))


def _item(listed: Listed) -> dict[str, Any]:
    organisation = listed.organisation
    return {
        "slug": organisation.slug,
        "name": organisation.name,
        "identifier": organisation.identifier,
        "kind": organisation.kind.value,
        "member_of": organisation.member_of,
        "is_claimed": organisation.is_claimed,
        "contact_point": organisation.contact_point,
        "description": organisation.description,
        "datasets": listed.datasets,
        "people": listed.people,
        "changed": listed.changed_at,
        "links": {
            "self": public("api_organisations.show", slug=organisation.slug),
            "page": public("organisations.show", slug=organisation.slug),
            "datasets": public("api_datasets.listing", custodian=organisation.slug),
            "catalogue": public("catalog.of_organisation", slug=organisation.slug),
        },
    }
