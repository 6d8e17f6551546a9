"""Flask with addresses that are written once: a page of results has more than a hundred of them."""

from typing import Any, Final

from flask import Flask, has_request_context, request

from catalogue.web.rules import PatientRule

MOST_REMEMBERED: Final = 5_000
LONGEST_REMEMBERED: Final = 200
"""Characters of all values of an address; a longer one says what somebody typed, and is not written again."""


class Application(Flask):
    """Remembers the addresses that it wrote from names and texts alone."""

    url_rule_class = PatientRule

    def __init__(self, *values: Any, **named: Any) -> None:
        self._addresses: dict[tuple[str, ...], str] = {}
        super().__init__(*values, **named)

    def url_for(
        self,
        /,
        endpoint: str,
        *,
        _anchor: str | None = None,
        _method: str | None = None,
        _scheme: str | None = None,
        _external: bool | None = None,
        **values: Any,
    ) -> str:
        """See `Flask.url_for`."""
        is_plain = _anchor is None and _method is None and _scheme is None and not _external
        key = _key(endpoint, values) if is_plain and has_request_context() else None
        if key is None:
            return super().url_for(
                endpoint, _anchor=_anchor, _method=_method, _scheme=_scheme, _external=_external, **values
            )
        address = self._addresses.get(key)
        if address is None:
            address = super().url_for(endpoint, _external=_external, **values)
            if len(self._addresses) >= MOST_REMEMBERED:
                self._addresses.clear()
            self._addresses[key] = address
        return address


def _key(endpoint: str, values: dict[str, Any]) -> tuple[str, ...] | None:
    """What the address depends on; nothing where more than texts goes into it."""
    length = 0
    for value in values.values():
        if type(value) is not str:
            return None
        length += len(value)
    if length > LONGEST_REMEMBERED or endpoint.startswith("."):
        return None
    environ = request.environ
    return (environ["SCRIPT_NAME"], environ["REQUEST_METHOD"], endpoint, *values, *values.values())
