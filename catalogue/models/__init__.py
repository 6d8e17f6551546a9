"""The tables."""

from catalogue.models.alert import DatasetNews, Follow, SavedSearch
from catalogue.models.base import Base, table_of
from catalogue.models.claim import Claim, ClaimState
from catalogue.models.dataset import (
    CURRENT_VERSION,
    Dataset,
    DatasetIdentifier,
    DatasetState,
    DatasetVersion,
    IdentifierKind,
)
from catalogue.models.dataset_fact import DatasetReading, FactState, InferredFact
from catalogue.models.dataset_rdf import DatasetRdf
from catalogue.models.enquiry import (
    Enquiry,
    EnquiryDraft,
    EnquiryThread,
    ThreadDataset,
    ThreadEvent,
    ThreadMessage,
    ThreadTimer,
)
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
from catalogue.models.library import LibraryEntry
from catalogue.models.link import OneTimeLink
from catalogue.models.mail import MailState, SentMail
from catalogue.models.organisation import Organisation, OrganisationKind, OrganisationName
from catalogue.models.outbox import OutboxMessage
from catalogue.models.role_change import RoleChange, RoleChangeKind
from catalogue.models.user import Attempt, Membership, SignIn, User

__all__ = [
    "CURRENT_VERSION",
    "Attempt",
    "Base",
    "Claim",
    "ClaimState",
    "Dataset",
    "DatasetIdentifier",
    "DatasetNews",
    "DatasetRdf",
    "DatasetReading",
    "DatasetState",
    "DatasetVersion",
    "Enquiry",
    "EnquiryDraft",
    "EnquiryThread",
    "FactState",
    "Follow",
    "HarvestProblem",
    "HarvestRecord",
    "HarvestRun",
    "HarvestSource",
    "IdentifierKind",
    "IdentityQuestion",
    "InferredFact",
    "LibraryEntry",
    "MailState",
    "Membership",
    "OneTimeLink",
    "Organisation",
    "OrganisationKind",
    "OrganisationName",
    "OutboxMessage",
    "Outcome",
    "RawDocument",
    "RecordState",
    "RoleChange",
    "RoleChangeKind",
    "RunState",
    "SavedSearch",
    "SentMail",
    "SignIn",
    "SourceState",
    "ThreadDataset",
    "ThreadEvent",
    "ThreadMessage",
    "ThreadTimer",
    "User",
    "table_of",
]
