"""Which identifiers are the same: a bare UUID and an address that ends in it."""

import re
from collections.abc import Mapping

from schemas.crosswalks.hdruk_versions import is_flat
from schemas.crosswalks.text import JsonValue, clean
from schemas.metadata import Description

MAXIMUM_LENGTH = 1000
"""Longer text is not an identifier, and no index of a database would take it."""

_UUID = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
_UUID_ALONE = re.compile(_UUID, re.ASCII | re.IGNORECASE)
_UUID_AT_END = re.compile(rf"(?:\A|[/:=#])({_UUID})/?\Z", re.ASCII | re.IGNORECASE)


def is_uuid(text: str) -> bool:
    """Whether the text is a UUID and nothing else."""
    return _UUID_ALONE.fullmatch(text) is not None


def identifier_of(text: str) -> str:
    """The identifier that `text` is: the UUID in lower case if it is one or ends in one, else the text itself."""
    stripped = clean(text)
    found = _UUID_AT_END.search(stripped[-60:])
    return found[1].lower() if found and (len(stripped) <= MAXIMUM_LENGTH) else stripped


def remote_identifier(document: JsonValue) -> str | None:
    """The identifier by which the source knows the record, or None when the document has none.

    Documents of 1.1.7 have it in `id`; what they call `identifier` is a short name that several may share.
    """
    if not isinstance(document, Mapping):
        return None
    own = _identifier(document.get("id")) if is_flat(document) else None
    return own or _identifier(document.get("identifier"))


def _identifier(value: JsonValue) -> str | None:
    if isinstance(value, int) and not isinstance(value, bool):
        value = f"{value:d}" if abs(value) < 10**40 else None
    if not isinstance(value, str):
        return None
    identifier = identifier_of(value)
    return identifier if 0 < len(identifier) <= MAXIMUM_LENGTH else None


def revision_identifiers(description: Description) -> tuple[str, ...]:
    """The identifiers of a description's earlier versions, without its own.

    Where the description is known by an address, so are they, and by the UUID at its end.
    """
    own = description.identifier or ""
    is_exact = "://" in own
    named = [revision.url for revision in description.revisions if revision.url]
    found = dict.fromkeys(form for each in named for form in ((clean(each), identifier_of(each))[not is_exact :]))
    return tuple(each for each in found if each not in ("", own, identifier_of(own)) and len(each) <= MAXIMUM_LENGTH)


def aliases(identifier: str, stated: str | None) -> tuple[str, ...]:
    """The UUIDs by which a record that is known by `identifier` is known elsewhere: at its end, or stated beside it.

    Only a UUID means the same dataset wherever it stands; other short names are given to many.
    """
    found = (identifier_of(each) for each in (identifier, stated or ""))
    return tuple(dict.fromkeys(each for each in found if each != identifier and is_uuid(each)))
