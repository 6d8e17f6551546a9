"""Facts that were read from descriptions: their custodian confirms or refuses them, or the office in its place."""

from dataclasses import dataclass
from urllib.parse import urlencode

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from catalogue import clock
from catalogue.domain.errors import NotFound
from catalogue.models import FactState
from catalogue.services import fact_decisions
from catalogue.services.fact_decisions import Sitting
from catalogue.web import wording
from catalogue.web.actors import current_actor
from catalogue.web.blueprints import section
from catalogue.web.dataset_readings import ReadingView, view_of
from catalogue.web.paging import page_number, pagination
from catalogue.web.sessions import reading, writing
from catalogue.web.view_models import Tab

ANSWERS = {"confirm": FactState.CONFIRMED, "refuse": FactState.REFUSED, "reopen": FactState.WAITING}
"""The buttons, and what pressing them says of a fact."""
LABELS = {FactState.WAITING: "Waiting", FactState.CONFIRMED: "Confirmed", FactState.REFUSED: "Refused"}
LONGEST_NUMBER = 9

pages = section("facts", permission="fact:decide")


@dataclass(frozen=True, slots=True)
class Group:
    """The facts of one dataset; `numbers` stands for all of them."""

    identifier: str
    title: str
    custodian: str
    slug: str
    is_claimed: bool
    facts: tuple[ReadingView, ...]
    numbers: str


@pages.get("/facts")
def index() -> str:
    """What waits, what was confirmed and what was refused."""
    state = next((each for each in FactState if each == request.args.get("show")), FactState.WAITING)
    page = page_number(request.args.get("page"))
    whose = request.args.get("custodian", "")
    sitting = fact_decisions.sitting(reading(), current_actor(), state=state, custodian=whose, page=page)
    return render_template(
        "facts/index.html",
        sitting=sitting,
        tabs=_tabs(sitting),
        groups=_groups(sitting),
        pagination=pagination(
            sitting.page,
            sitting.pages,
            lambda number: _address(sitting, sitting.state, page=number),
            label="Pages of facts",
        ),
    )


@pages.post("/facts")
def decide() -> ResponseReturnValue:
    """Confirm or refuse what a button stands for, and go back to where it was pressed."""
    wanted = next((name for name in ANSWERS if name in request.form), None)
    numbers = _numbers(request.form.get(wanted, "")) if wanted else ()
    if wanted is None or not numbers:
        raise NotFound("a fact")
    fact_decisions.decide(writing(), current_actor(), numbers, ANSWERS[wanted], at=clock.now())
    identifier = request.form.get("dataset", "")
    if identifier:
        target = url_for("datasets.show", identifier=identifier)
        return redirect(f"{target}#facts-{numbers[0]}", code=303)
    shown = {name: request.form.get(name, "") for name in ("show", "custodian", "page")}
    kept = urlencode({name: value for name, value in shown.items() if value})
    return redirect(url_for("facts.index") + (f"?{kept}" if kept else ""), code=303)


def _numbers(text: str) -> tuple[int, ...]:
    words = text.split()[: fact_decisions.MOST_AT_ONCE]
    return tuple(int(word) for word in words if word.isascii() and word.isdecimal() and len(word) <= LONGEST_NUMBER)


def _tabs(sitting: Sitting) -> tuple[Tab, ...]:
    return tuple(
        Tab(LABELS[each], sitting.counts[each], _address(sitting, each), each is sitting.state) for each in FactState
    )


def _address(sitting: Sitting, state: FactState, *, page: int | None = None) -> str:
    return url_for("facts.index", show=state.value, custodian=sitting.custodian or None, page=page)


def _groups(sitting: Sitting) -> tuple[Group, ...]:
    return tuple(
        Group(
            identifier=item.dataset.identifier,
            title=wording.shortened(item.dataset.title, 160),
            custodian=item.dataset.organisation.name,
            slug=item.dataset.organisation.slug,
            is_claimed=item.dataset.organisation.is_claimed,
            facts=tuple(view_of(fact) for fact in item.facts),
            numbers=" ".join(str(fact.number) for fact in item.facts),
        )
        for item in sitting.items
    )
