"""The resource `organisations`: custodians, hubs and the alliance."""

from marshmallow import Schema, fields


class OrganisationLinks(Schema):
    """Where more is told about an organisation."""

    self = fields.Url(required=True, metadata={"description": "The organisation, in this interface."})
    page = fields.Url(required=True, metadata={"description": "The page for people."})
    datasets = fields.Url(required=True, metadata={"description": "Its datasets, in this interface."})
    catalogue = fields.Url(required=True, metadata={"description": "Its datasets as DCAT-AP."})


class OrganisationItem(Schema):
    """An organisation, with what it describes."""

    slug = fields.String(required=True, metadata={"description": "Its value of the facet `custodian`."})
    name = fields.String(required=True)
    identifier = fields.String(
        required=True, allow_none=True, metadata={"description": "An address that others know it by, such as its ROR."}
    )
    kind = fields.String(required=True, metadata={"enum": ["custodian", "hub", "alliance"]})
    member_of = fields.String(required=True, allow_none=True)
    is_claimed = fields.Boolean(
        required=True, metadata={"description": "Whether somebody here speaks for it; if not, a source named it."}
    )
    contact_point = fields.String(required=True, allow_none=True)
    description = fields.String(required=True, allow_none=True)
    datasets = fields.Integer(required=True, metadata={"description": "Published descriptions."})
    people = fields.Integer(
        required=True, metadata={"description": "The populations that are stated, added up; people may be in several."}
    )
    changed = fields.AwareDateTime(
        required=True, allow_none=True, metadata={"description": "When one of its descriptions last changed."}
    )
    links = fields.Nested(OrganisationLinks, required=True)


class OrganisationList(Schema):
    """Every organisation, by name."""

    total = fields.Integer(required=True)
    items = fields.List(fields.Nested(OrganisationItem), required=True)
