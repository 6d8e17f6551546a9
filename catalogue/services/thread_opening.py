"""Opening a thread with a custodian: by the researcher's question, or because another custodian handed it on."""

from datetime import datetime
from uuid import uuid4

from sqlalchemy.orm import Session

from catalogue.domain.enquiries import Desk, Party, Side, State
from catalogue.models import Enquiry, EnquiryThread, ThreadDataset
from catalogue.services.enquiry_routing import Destination
from catalogue.services.threads import Acting, carry_out, to_desk


def start(
    session: Session,
    enquiry: Enquiry,
    route: Destination,
    *,
    at: datetime,
    referred_from: EnquiryThread | None = None,
    reason: str = "",
) -> EnquiryThread:
    """Open the thread and put it on the desk where somebody answers. Does not commit.

    `reason` is why another custodian handed it on.
    """
    thread = EnquiryThread(
        identifier=str(uuid4()),
        enquiry=enquiry,
        custodian=route.custodian,
        desk=Desk.CUSTODIAN,
        state=State.DRAFT,
        state_since=at,
        last_event_at=at,
        event_count=0,
        forward_number=0,
        referred_from_id=referred_from.id if referred_from else None,
    )
    session.add(thread)
    session.flush()
    session.add_all(ThreadDataset(thread_id=thread.id, dataset_id=dataset.id) for dataset in route.datasets)
    if referred_from is None:
        researcher = Acting(thread, frozenset({Party.APPLICANT}), enquiry.researcher_id)
        carry_out(session, researcher, "submit", at=at, text=enquiry.question)
    else:
        carry_out(session, Acting(thread, frozenset({Party.SYSTEM})), "receive", at=at, text=reason)
    if route.desk is Desk.ALLIANCE:
        carry_out(
            session,
            Acting(thread, frozenset({Party.SYSTEM})),
            "route_failed",
            at=at,
            effect=to_desk(Desk.ALLIANCE),
            # The receipt, or the letter about handing on, says who reads it.
            untold={Side.APPLICANT},
        )
    session.flush()
    return thread
