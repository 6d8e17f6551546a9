"""What a database says about a value that it refuses can be logged: the value is not in it."""

import traceback

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError
from sqlalchemy.orm import Session

from catalogue import clock
from catalogue.models import User

ADA = "ada@people.example"


def told(refusal: DBAPIError) -> str:
    """All that a log can show of it."""
    return "".join(traceback.format_exception(refusal)) + repr(refusal) + str(refusal.orig)


def test_a_broken_rule_is_named_without_what_broke_it(session: Session) -> None:
    for _ in range(2):
        session.add(User(email=ADA, name="Ada", created_at=clock.now()))
    with pytest.raises(IntegrityError) as refused:
        session.flush()
    assert ADA not in told(refused.value)
    for said in (str(refused.value), str(refused.value.orig)):
        # the constraint, or the column that SQLite names
        assert "user_account" in said
        assert "email" in said


def test_a_missing_value_does_not_show_the_others(session: Session) -> None:
    with pytest.raises(IntegrityError) as refused:
        session.execute(
            text("insert into user_account (email, is_active, created_at) values (:email, true, :at)"),
            {"email": ADA, "at": "2026-11-23"},
        )
    assert ADA not in told(refused.value)
    assert "name" in str(refused.value.orig)


def test_a_statement_that_fails_does_not_show_its_values(session: Session) -> None:
    with pytest.raises(DBAPIError) as failed:
        session.execute(text("select * from nowhere where email = :email"), {"email": ADA})
    assert ADA not in told(failed.value)
    assert "nowhere" in str(failed.value.orig)


@pytest.mark.parametrize("databases", ["postgresql"], indirect=True)
@pytest.mark.parametrize("value", [ADA, f"{ADA}\x00"])
def test_what_cannot_be_read_is_not_repeated(session: Session, value: str) -> None:
    with pytest.raises(DataError) as refused:
        session.execute(text("select cast(cast(:value as text) as integer)"), {"value": value})
    assert ADA not in told(refused.value)
