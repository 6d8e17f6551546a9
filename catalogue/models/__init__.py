"""The tables."""

from catalogue.models.base import Base, table_of
from catalogue.models.dataset import Dataset, DatasetIdentifier, DatasetState, DatasetVersion, IdentifierKind
from catalogue.models.harvest import (
    HarvestProblem,
    HarvestRecord,
    HarvestRun,
    HarvestSource,
    IdentityQuestion,
    Outcome,
    RawDocument,
    RecordState,
    RunState,
    SourceState,
)
from catalogue.models.organisation import Organisation, OrganisationKind, OrganisationName
from catalogue.models.outbox import OutboxMessage

__all__ = [
    "Base",
    "Dataset",
    "DatasetIdentifier",
    "DatasetState",
    "DatasetVersion",
    "HarvestProblem",
    "HarvestRecord",
    "HarvestRun",
    "HarvestSource",
    "IdentifierKind",
    "IdentityQuestion",
    "Organisation",
    "OrganisationKind",
    "OrganisationName",
    "OutboxMessage",
    "Outcome",
    "RawDocument",
    "RecordState",
    "RunState",
    "SourceState",
    "table_of",
]
