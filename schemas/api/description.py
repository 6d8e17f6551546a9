"""The description of the interface for programs (OpenAPI 3.1), which `make docs` makes from the schemas here."""

import json
from functools import cache
from importlib.resources import files
from typing import Any

NAME = "openapi.json"


@cache
def document() -> dict[str, Any]:
    """The description, without the address of an installation. Callers change nothing in it."""
    found: dict[str, Any] = json.loads(files("schemas.api").joinpath(NAME).read_text(encoding="utf-8"))
    return found
