"""Organisations for programs."""

from typing import TYPE_CHECKING, Any

from flask.typing import ResponseReturnValue

from catalogue.api import answers
from catalogue.api.answers import json_resource, public
from catalogue.domain.errors import NotFound
from catalogue.plugins import postponed
from catalogue.runtime import runtime
from catalogue.services import organisations
from catalogue.services.organisations import Listed

if TYPE_CHECKING:
    from schemas.api import organisations as documents
else:
    documents = postponed("schemas.api.organisations")

resource = json_resource("api_organisations", permission="organisation:read")


@resource.get("/api/v1/organisations")
def listing() -> ResponseReturnValue:
    """Every organisation, by name, with what it describes."""
    answers.read_nothing()
    with runtime().reading_sessions() as session:
        items = [_item(each) for each in organisations.list_with_datasets(session)]
    return answers.answer(documents.OrganisationList().dump({"total": len(items), "items": items}))


@resource.get("/api/v1/organisations/<slug>")
def show(slug: str) -> ResponseReturnValue:
    """One organisation."""
    answers.read_nothing()
    with runtime().reading_sessions() as session:
        listed = organisations.list_with_datasets(session)
        found = next((each for each in listed if each.organisation.slug == slug), None)
        if found is None:
            raise NotFound(f"There is no organisation {slug!r}.")
        return answers.answer(documents.OrganisationItem().dump(_item(found)))


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
