"""Refusals (RFC 9457, problem details for HTTP)."""

from marshmallow import Schema, fields


class ProblemItem(Schema):
    """One thing that is wrong with a request."""

    parameter = fields.String(
        required=True, metadata={"description": "The parameter that it is about.", "example": "from"}
    )
    detail = fields.String(
        required=True, metadata={"description": "What is wrong, in a sentence.", "example": "“soon” is not a year."}
    )
    fix = fields.String(
        metadata={"description": "What to do about it.", "example": "Give a year between 1000 and 2999."}
    )


class ProblemDocument(Schema):
    """Why a request was refused; every refusal is one, whatever the request accepts."""

    type = fields.String(
        required=True,
        metadata={"description": "An address that stands for the kind of problem, or `about:blank`: the status says."},
    )
    title = fields.String(required=True, metadata={"description": "The kind of problem.", "example": "Not Found"})
    status = fields.Integer(required=True, metadata={"description": "The status of the answer.", "example": 404})
    detail = fields.String(metadata={"description": "What happened, in a sentence."})
    errors = fields.List(
        fields.Nested(ProblemItem), metadata={"description": "Everything that is wrong with the parameters."}
    )
