"""A question that is being written, kept until it is sent: one for a person, or for a browser without a sign-in."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, or_, select
from sqlalchemy.orm import Session

from catalogue.domain.enquiries import Party, State, decide
from catalogue.models import EnquiryDraft
from catalogue.services.links import digest
from schemas.metadata import Problem, Severity

KEPT_FOR_PEOPLE = timedelta(days=90)
KEPT_FOR_BROWSERS = timedelta(days=7)
LONGEST_KEPT = 20_000
"""Characters of one answer: more than can be sent, so that nothing is lost while it is being shortened."""


@dataclass(frozen=True, slots=True)
class Writer:
    """Who writes: a person, or a browser by the token that its session carries."""

    user_id: int | None = None
    browser: str = ""

    @property
    def is_known(self) -> bool:
        """Whether a draft can be kept for them."""
        return self.user_id is not None or bool(self.browser)


@dataclass(frozen=True, slots=True)
class Draft:
    """What was typed so far."""

    project_title: str = ""
    question: str = ""
    datasets: tuple[str, ...] = ()
    changed_at: datetime | None = None


def find(session: Session, writer: Writer) -> Draft | None:
    """The draft of a person or of a browser; of both, the one that was changed last."""
    if not writer.is_known:
        return None
    kept = session.scalars(select(EnquiryDraft).where(_whose(writer)).order_by(EnquiryDraft.changed_at.desc())).first()
    if kept is None:
        return None
    answers = kept.answers
    return Draft(answers["project_title"], answers["question"], tuple(answers["datasets"]), kept.changed_at)


def problems_of(draft: Draft) -> tuple[Problem, ...]:
    """What of it is too much to be kept: half a text is none."""
    typed = (("project_title", draft.project_title), ("question", draft.question))
    message, fix = f"This has more than {LONGEST_KEPT:,} characters, so it cannot be kept.", "Shorten it."
    return tuple(Problem(path, message, Severity.ERROR, fix) for path, text in typed if len(text) > LONGEST_KEPT)


def keep(session: Session, writer: Writer, draft: Draft, *, at: datetime, browser: str = "") -> None:
    """Keep what was typed in place of what was kept before, and drop what nobody came back for.

    The draft has no problems (`problems_of`). For a browser it is kept under a new token, `browser`, so that nobody who
    knew the old one reads on.
    """
    forgotten = or_(
        EnquiryDraft.changed_at < at - KEPT_FOR_PEOPLE,
        EnquiryDraft.user_id.is_(None) & (EnquiryDraft.changed_at < at - KEPT_FOR_BROWSERS),
    )
    session.execute(delete(EnquiryDraft).where(forgotten))
    forget(session, writer)
    answers = {
        "project_title": draft.project_title,
        "question": draft.question,
        "datasets": list(draft.datasets),
    }
    under = digest(browser or writer.browser) if writer.user_id is None else None
    session.add(EnquiryDraft(user_id=writer.user_id, browser_hash=under, answers=answers, changed_at=at))
    session.commit()


def discard(session: Session, writer: Writer, *, at: datetime) -> None:
    """Throw the draft away: nobody else has seen it, so nothing of it is kept."""
    decide(State.DRAFT, {Party.APPLICANT}, "discard", at=at)
    forget(session, writer)
    session.commit()


def forget(session: Session, writer: Writer) -> None:
    """Delete the draft, because it was sent or is kept anew. Does not commit."""
    if writer.is_known:
        session.execute(delete(EnquiryDraft).where(_whose(writer)))


def _whose(writer: Writer) -> ColumnElement[bool]:
    chosen = [EnquiryDraft.user_id == writer.user_id] if writer.user_id is not None else []
    chosen += [EnquiryDraft.browser_hash == digest(writer.browser)] if writer.browser else []
    return or_(*chosen)
