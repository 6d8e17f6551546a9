"""The description of the interface for programs, made from its schemas and the dataclasses of a description."""

import json
from collections.abc import Iterator, Mapping
from enum import Enum
from typing import Any

from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from marshmallow import Schema, fields

from catalogue.api.questions import parameters
from catalogue.services.downloads import FORMS
from docs.samples import ANSWER, DATASET, ORGANISATION, SAMPLES
from schemas.api.datasets import DatasetList, Entry
from schemas.api.organisations import OrganisationItem, OrganisationList
from schemas.api.parameters import Alternatives, Choice, Text, WholeNumber
from schemas.api.problems import ProblemDocument
from schemas.validation.structure import Part, parts_of
from schemas.vocabularies import field_label

VERSION = "1.0.0"
ABOUT = """\
Read-only, without a key. Answers are JSON in UTF-8; refusals are problem documents (RFC 9457) that list everything that
is wrong with a request at once. Every answer has an `ETag`: send it back as `If-None-Match`, and what has not changed
is answered with 304 and nothing else. Programs of any site may read them (`Access-Control-Allow-Origin: *`).
"""
KINDS = {str: "string", int: "integer", float: "number", bool: "boolean"}
FIRST = ("q", "sort", "from", "to", "exact", "per_page", "cursor", "facets")
"""The parameters that are told first; facets follow."""
OF_PAGES = ("per_page", "cursor", "facets")
"""The parameters that only answers in pages have."""


def openapi_page() -> str:
    """Return the description as JSON."""
    return json.dumps(description(), ensure_ascii=False, indent=1) + "\n"


def description() -> dict[str, Any]:
    """Return the description as JSON values."""
    spec = APISpec(
        title="Health dataset catalogue",
        version=VERSION,
        openapi_version="3.1.0",
        plugins=[MarshmallowPlugin(schema_name_resolver=_name_of)],
        info={"description": ABOUT, "license": {"name": "Apache 2.0", "identifier": "Apache-2.0"}},
        servers=[{"url": "/"}],
    )
    for schema in (DatasetList, Entry, OrganisationList, ProblemDocument):
        spec.components.schema(schema.__name__, schema=schema)
    for name, component in described().items():
        spec.components.schema(name, component)
    for path, operation in operations().items():
        spec.path(path, operations={"get": operation})
    return _tidied(spec.to_dict())


def _name_of(schema: type[Schema] | Schema) -> str:
    return schema.__name__ if isinstance(schema, type) else type(schema).__name__


def operations() -> dict[str, dict[str, Any]]:
    """Return what can be asked, by path."""
    about = "Its identifier, or an earlier one, which redirects."
    identifier = {"name": "identifier", "description": about, "example": DATASET}
    slug = {"name": "slug", "description": "Its value of the facet `custodian`.", "example": ORGANISATION}
    return {
        "/api/v1/datasets": _operation(
            "Find datasets",
            "searchDatasets",
            DatasetList.__name__,
            "A page of results.",
            description="Values of one facet are alternatives; different facets all hold. Every facet also has the "
            "value `not-stated`. `facets` of an answer lists the values that there are.",
            parameters=list(_parameters()),
            refusals=(503,),
        ),
        "/api/v1/datasets/{identifier}": _operation(
            "Read a dataset",
            "getDataset",
            "Dataset",
            "The description in the canonical form, and what the catalogue adds as `catalogue`.",
            parameters=[_in_path(identifier)],
            refusals=(404, 410),
            moves=True,
        ),
        "/api/v1/organisations": _operation(
            "List organisations", "listOrganisations", OrganisationList.__name__, "Every organisation, by name."
        ),
        "/api/v1/organisations/{slug}": _operation(
            "Read an organisation",
            "getOrganisation",
            OrganisationItem.__name__,
            "One organisation.",
            parameters=[_in_path(slug)],
            refusals=(404,),
        ),
        "/search.{suffix}": _download(),
    }


def _download() -> dict[str, Any]:
    """Return the files that the page of results offers; like that page, they answer every question."""
    array = {"type": "array", "items": {"$ref": "#/components/schemas/Dataset"}}
    forms = "; ".join(f"`{each.suffix}`, {each.about}" for each in FORMS)
    suffix = {"name": "suffix", "description": f"The form: {forms}."}
    content = {each.media_type: {"schema": array if each.suffix == "json" else {"type": "string"}} for each in FORMS}
    return {
        "summary": "Download results",
        "operationId": "downloadResults",
        "description": "It takes the parameters of a search, but for those of pages.",
        "parameters": [
            {**_in_path(suffix), "schema": {"type": "string", "enum": [each.suffix for each in FORMS]}},
            *(each for each in _parameters() if each["name"] not in OF_PAGES),
        ],
        "responses": {"200": {"description": "All results as one file, of one moment.", "content": content}},
        "x-codeSamples": _samples("downloadResults"),
    }


def _operation(
    summary: str,
    name: str,
    schema: str,
    says: str,
    *,
    description: str = "",
    parameters: list[dict[str, Any]] | None = None,
    refusals: tuple[int, ...] = (),
    moves: bool = False,
) -> dict[str, Any]:
    reference = {"$ref": f"#/components/schemas/{schema}"}
    problem = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/ProblemDocument"}}}
    said = {
        400: "Parameters are wrong; all of what is wrong is listed.",
        404: "There is nothing by that name.",
        406: "The request accepts no JSON.",
        410: "The dataset was withdrawn.",
        503: "The catalogue cannot answer at the moment.",
    }
    example = {"example": ANSWER} if schema == DatasetList.__name__ else {}
    answers: dict[str, Any] = {
        "200": {
            "description": says,
            "headers": {"ETag": {"description": "Changes when the answer does.", "schema": {"type": "string"}}},
            "content": {"application/json": {"schema": reference, **example}},
        },
        **({"301": {"description": "It has another identifier now."}} if moves else {}),
        "304": {"description": "Not changed since the `ETag` that was sent."},
        **{str(status): {"description": said[status], "content": problem} for status in sorted({400, 406, *refusals})},
    }
    return {
        "summary": summary,
        "operationId": name,
        **({"description": description} if description else {}),
        "parameters": parameters or [],
        "responses": answers,
        "x-codeSamples": _samples(name),
    }


def _samples(operation: str) -> list[dict[str, str]]:
    chosen = (each for each in SAMPLES if each.operation == operation)
    return [{"lang": "Shell", "label": each.label, "source": each.source} for each in chosen]


def _in_path(about: Mapping[str, str]) -> dict[str, Any]:
    return {**about, "in": "path", "required": True, "schema": {"type": "string"}}


def _parameters() -> Iterator[dict[str, Any]]:
    found = {field.data_key or name: field for name, field in parameters()().fields.items()}
    for name in (*FIRST, *(each for each in found if each not in FIRST)):
        field = found[name]
        about = {"name": name, "in": "query", "description": field.metadata["description"], "schema": _schema_of(field)}
        yield about | ({"style": "form", "explode": True} if isinstance(field, Alternatives) else {})


def _schema_of(field: fields.Field[Any]) -> dict[str, Any]:
    if isinstance(field, Choice):
        return {"type": "string", "enum": list(field.choices), "default": field.choices[0]}
    if isinstance(field, WholeNumber):
        default = {"default": field.default} if field.default is not None else {}
        return {"type": "integer", "minimum": field.least, "maximum": field.greatest, **default}
    if isinstance(field, Alternatives):
        return {"type": "array", "items": {"type": "string"} | ({"enum": list(field.choices)} if field.choices else {})}
    if isinstance(field, Text):
        return {"type": "string", "maxLength": field.longest}
    raise TypeError(field)


def described() -> dict[str, dict[str, Any]]:
    """Return the schemas of the canonical form by name; `Dataset` is the whole of it with what the catalogue adds."""
    found: dict[str, dict[str, Any]] = {}
    whole = _section(parts_of(), found)
    whole["properties"]["catalogue"] = {"$ref": f"#/components/schemas/{Entry.__name__}"}
    whole["required"] = ["catalogue"]
    found["Dataset"] = {**whole, "description": "A description in the canonical form. What nobody stated is absent."}
    return found


def _section(parts: tuple[Part, ...], found: dict[str, dict[str, Any]]) -> dict[str, Any]:
    required = [part.key for part in parts if part.is_required]
    section = {"type": "object", "properties": {part.key: _part(part, found) for part in parts}}
    return section | ({"required": required} if required else {})


def _part(part: Part, found: dict[str, dict[str, Any]]) -> dict[str, Any]:
    if part.section is not None:
        name = part.section.__name__
        if name not in found:
            found[name] = {}
            found[name].update(_section(part.below, found))
        one: dict[str, Any] = {"$ref": f"#/components/schemas/{name}"}
    elif issubclass(part.kinds[0], Enum):
        one = {"type": "string", "enum": [member.value for member in part.kinds[0]]}
    else:
        kinds = list(dict.fromkeys(KINDS[kind] for kind in part.kinds))
        one = {"type": kinds[0] if len(kinds) == 1 else kinds}
    title = {} if part.section is not None and not part.is_list else {"title": field_label(part.path)}
    return title | ({"type": "array", "items": one} if part.is_list else one)


def _tidied(value: Any) -> Any:  # noqa: ANN401 - JSON values
    """Return the same with the name that JSON Schema has for the form of an address, and open to later additions."""
    if isinstance(value, dict):
        kept = {key: each for key, each in value.items() if (key, each) != ("additionalProperties", False)}
        return {key: "uri" if (key, each) == ("format", "url") else _tidied(each) for key, each in kept.items()}
    return [_tidied(each) for each in value] if isinstance(value, list) else value
