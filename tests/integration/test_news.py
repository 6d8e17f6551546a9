"""What is noticed as news, and when: a time that never goes back, whatever sources say and clocks do."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from catalogue.domain.alerts import Often
from catalogue.models import Dataset, DatasetIdentifier, DatasetState, Follow, IdentifierKind, LibraryEntry
from catalogue.search.backend import SearchQuery
from catalogue.services import library, news
from catalogue.services.questions import Unreadable, from_json, to_json
from tests.asking import ASKED, somebody
from tests.publishing import described, publish, withdraw

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def noticed(session: Session, since: datetime) -> list[tuple[str, bool, bool]]:
    """Title, whether it is new and whether it was withdrawn, of everything noticed since."""
    return [(each.title, each.new_at > since, each.is_withdrawn) for each in news.since(session, since)]


def dataset(session: Session, identifier: str) -> Dataset:
    return session.scalars(select(Dataset).where(Dataset.identifier == identifier)).one()


def test_each_change_is_noticed_once_however_old_the_source_says_it_is(session: Session) -> None:
    identifier = publish(session, described("Clinic letters"), at=datetime(2011, 1, 1, tzinfo=UTC))
    assert news.notice(session, [identifier, "nothing"], at=NOON) == 1
    assert news.notice(session, [identifier], at=NOON + HOUR) == 0
    assert noticed(session, NOON - HOUR) == [("Clinic letters", True, False)]
    assert noticed(session, NOON) == []
    publish(session, described("Clinic letters", abstract="More."), at=datetime(2012, 1, 1, tzinfo=UTC))
    assert news.notice(session, [identifier], at=NOON + HOUR) == 1
    assert noticed(session, NOON) == [("Clinic letters", False, False)]


def test_the_time_of_news_never_goes_back(session: Session) -> None:
    first, second = (publish(session, described(title)) for title in ("One", "Two"))
    news.notice(session, [first], at=NOON)
    news.notice(session, [second], at=NOON - HOUR)
    assert [each.identifier for each in news.since(session, NOON)] == [second]
    assert news.told_from(session, NOON - HOUR) > NOON


def test_what_goes_and_comes_back_is_news_each_time(session: Session) -> None:
    identifier = publish(session, described("Clinic letters"))
    news.notice(session, [identifier], at=NOON)
    withdraw(session, identifier)
    assert [news.notice(session, [identifier], at=NOON + HOUR) for _ in range(2)] == [1, 0]
    assert noticed(session, NOON) == [("Clinic letters", False, True)]
    dataset(session, identifier).state = DatasetState.PUBLISHED
    news.notice(session, [identifier], at=NOON + 2 * HOUR)
    assert noticed(session, NOON + HOUR) == [("Clinic letters", True, False)]


@pytest.mark.parametrize("state", [DatasetState.IN_REVIEW, DatasetState.WITHDRAWN])
def test_what_was_never_public_is_no_news(session: Session, state: DatasetState) -> None:
    identifier = publish(session, described("Clinic letters"))
    dataset(session, identifier).state = state
    assert news.notice(session, [identifier], at=NOON) == 0
    assert news.since(session, NOON - HOUR) == ()


def test_whoever_kept_or_followed_a_dataset_goes_on_with_the_one_it_was_joined_to(session: Session) -> None:
    ada, eve = somebody(session, "ada@x.example", "Ada"), somebody(session, "eve@x.example", "Eve")
    earlier, later = (publish(session, described(title)) for title in ("Earlier", "Later"))
    for actor, identifier, note in ((ada, later, "from ada"), (eve, later, "two"), (eve, earlier, "one")):
        library.add(session, actor, identifier, note=note, at=ASKED)
    for number, (actor, identifier) in enumerate(((ada, later), (eve, later), (eve, earlier))):
        followed = {"user_id": actor.user_id, "dataset_id": dataset(session, identifier).id, "often": Often.DAILY}
        times = dict.fromkeys(("created_at", "told_until", "examined_at"), ASKED)
        session.add(Follow(identifier=str(number), **followed, **times))
    news.notice(session, [earlier, later], at=NOON)
    dataset(session, later).state = DatasetState.JOINED
    goes_on = dataset(session, earlier).id
    session.add(DatasetIdentifier(dataset_id=goes_on, value=later, kind=IdentifierKind.REVISION))
    session.flush()
    assert news.notice(session, [earlier, later], at=NOON + HOUR) == 0
    assert [(each.identifier, each.note) for each in library.list_own(session, ada)] == [(earlier, "from ada")]
    assert [(each.identifier, each.note) for each in library.list_own(session, eve)] == [(earlier, "one\n\ntwo")]
    assert {(each.user_id, each.dataset_id) for each in session.scalars(select(Follow))} == {
        (ada.user_id, goes_on),
        (eve.user_id, goes_on),
    }
    assert {each.dataset_id for each in session.scalars(select(LibraryEntry))} == {goes_on}


def test_a_question_is_read_back_as_it_was_kept() -> None:
    query = SearchQuery("asthma", {"custodian": ("a", "b")}, 2010, None, sort="title", page=3, exact=True)
    assert from_json(to_json(query)) == SearchQuery("asthma", {"custodian": ("a", "b")}, 2010, None, exact=True)


@pytest.mark.parametrize(
    "damage",
    [
        {"filters": {"gone": ["x"]}},
        {"filters": None},
        {"years": [1]},
        {"years": ["x", None]},
        {"text": 1},
        {"text": None},
    ],
)
def test_a_damaged_question_is_refused(damage: dict[str, object]) -> None:
    with pytest.raises(Unreadable):
        from_json({**to_json(SearchQuery("asthma")), **damage})


def test_a_question_that_lost_a_part_is_refused() -> None:
    with pytest.raises(Unreadable):
        from_json({})
