"""HDR UK descriptions: versions 1.1.7 to 4.0.0 in, 4.0.0 out."""

from schemas.crosswalks.dates import DateEvidence, DateOrder
from schemas.crosswalks.hdruk_reading import evidence_of as date_evidence
from schemas.crosswalks.hdruk_reading import read
from schemas.crosswalks.hdruk_versions import SCHEMA_NAME, declared_version
from schemas.crosswalks.hdruk_writing import Writing, write
from schemas.crosswalks.identifiers import identifier_of, remote_identifier, revision_identifiers
from schemas.crosswalks.reading import Reading

__all__ = [
    "SCHEMA_NAME",
    "DateEvidence",
    "DateOrder",
    "Reading",
    "Writing",
    "date_evidence",
    "declared_version",
    "identifier_of",
    "read",
    "remote_identifier",
    "revision_identifiers",
    "write",
]
