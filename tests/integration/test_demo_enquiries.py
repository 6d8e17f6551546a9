"""What the people of the demo ask each other."""

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from catalogue.cli.demo_enquiries import BREATHLESSNESS, GENERAL_PRACTICE, converse
from catalogue.cli.demo_people import EDITED, MEMBER, welcome
from catalogue.domain.enquiries import State
from catalogue.models import Enquiry, EnquiryThread
from tests.publishing import custodian, described, publish


@pytest.fixture
def with_people(session: Session) -> None:
    for name in (MEMBER, EDITED):
        custodian(session, name, is_claimed=True)
    session.commit()
    welcome(session, "harbour lantern moss")


def count(session: Session, table: type) -> int:
    return session.scalar(select(func.count()).select_from(table)) or 0


@pytest.mark.usefixtures("with_people")
def test_the_demo_has_questions_on_both_desks_and_asks_them_once(session: Session) -> None:
    publish(session, described(GENERAL_PRACTICE), by=MEMBER)
    publish(session, described(f"{BREATHLESSNESS} with lung conditions"), by="Lindow Lung Charity")
    session.commit()
    for _ in range(2):
        converse(session)
    assert count(session, Enquiry) == 3
    assert sorted(session.scalars(select(EnquiryThread.state))) == [
        State.AWAITING_APPLICANT,
        State.AWAITING_CUSTODIAN,
        State.RESOLVED,
        State.UNROUTABLE,
    ]


@pytest.mark.usefixtures("with_people")
def test_without_its_datasets_the_demo_asks_nothing(session: Session) -> None:
    converse(session)
    assert count(session, Enquiry) == 0
