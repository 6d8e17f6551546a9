"""`catalogue harvest questions`, `answer` and `withdraw`: what a harvest leaves for a person to decide."""

from typing import Any

import click

from catalogue.cli.harvest import drain, harvest, outbox_option
from catalogue.cli.root import WRONG_USE, json_option, load_runtime, show, stop
from catalogue.cli.workplace import workplace
from catalogue.clock import now
from catalogue.services import sources
from catalogue.services.harvesting import held
from catalogue.services.harvesting.questions import Answer, OpenQuestion, answer, open_questions
from catalogue.services.harvesting.withdrawal import Absent, held_back, withdraw_held

by_option = click.option("--by", default="the operator", show_default=True, help="Who decides; kept with the decision.")
MOST_SHOWN = 5
"""Differences of a pair that are named for a person; `--json` has them all."""


@harvest.command("questions")
@json_option
def questions_command(*, as_json: bool) -> None:
    """List pairs that may be one dataset: same title and custodian, a new identifier, and the old one gone."""
    with load_runtime().reading_sessions() as session:
        found = open_questions(session)
        items = [_as_json(each) for each in found]
    show({"items": items}, as_json=as_json, text="\n".join(map(_in_words, items)) or "There are no open questions.")


@harvest.command("answer")
@click.argument("question_id", type=int)
@click.argument("verdict", type=click.Choice([each.value for each in Answer]))
@by_option
@outbox_option
@json_option
def answer_command(question_id: int, verdict: str, by: str, *, leave_outbox: bool, as_json: bool) -> None:
    """Answer QUESTION_ID: `same` joins the two under the old identifier, `different` lets the old one go."""
    runtime = load_runtime()
    settled = answer(workplace(runtime), question_id, Answer(verdict), by=by, at=now())
    if not leave_outbox:
        drain(runtime)
    told = {"id": settled.id, "answer": settled.answer, "by": settled.answered_by}
    done = "Joined." if verdict == Answer.SAME.value else "The older one can be withdrawn from the next run on."
    show(told, as_json=as_json, text=done)


@harvest.command("withdraw")
@click.argument("source_id", type=int)
@click.option("--held", "of_held", is_flag=True, help="What its harvests held back because it was too much at once.")
@click.option("--dry-run", is_flag=True, help="Only say what it would be.")
@outbox_option
@json_option
def withdraw_command(source_id: int, *, of_held: bool, dry_run: bool, leave_outbox: bool, as_json: bool) -> None:
    """Withdraw what is gone from SOURCE_ID for good and waits for a person to say so."""
    if not of_held:
        stop("Say what to withdraw: --held. With --dry-run it is only listed.", status=WRONG_USE)
    runtime = load_runtime()
    place = workplace(runtime)
    with held(place, source_id), runtime.sessions() as session:
        source = sources.get(session, source_id)
        found = held_back(session, source) if dry_run else withdraw_held(session, source, at=now())
        items = [_withdrawn(each) for each in found]
    if not dry_run and not leave_outbox:
        drain(runtime)
    lines = [f"{'Held' if dry_run else 'Withdrew'} {len(items)} records of {source.name}."]
    lines += [f"  {each['record']} {each['title']}" for each in items]
    show({"source": source.name, "dry_run": dry_run, "items": items}, as_json=as_json, text="\n".join(lines))


def _as_json(each: OpenQuestion) -> dict[str, Any]:
    return {
        "id": each.question.id,
        "source": each.source.name,
        "custodian": each.organisation.slug,
        "title": each.earlier.title,
        "earlier": each.earlier.identifier,
        "later": each.later.identifier,
        "reason": each.question.reason,
        "asked_at": each.question.asked_at.isoformat(timespec="minutes"),
        "differences": [{"path": one.path, "label": one.label, "kind": one.kind.value} for one in each.differences],
    }


def _in_words(item: dict[str, Any]) -> str:
    labels = list(dict.fromkeys(each["label"] for each in item["differences"]))
    named = ", ".join(labels[:MOST_SHOWN]) + (
        f" and {len(labels) - MOST_SHOWN} more" if len(labels) > MOST_SHOWN else ""
    )
    return (
        f"{item['id']}: {item['title']!r} of {item['custodian']}, from {item['source']}\n"
        f"  older {item['earlier']}, newer {item['later']}. {item['reason']}\n"
        f"  They differ in: {named or 'nothing'}."
    )


def _withdrawn(each: Absent) -> dict[str, Any]:
    return {
        "record": each.record.remote_identifier,
        "identifier": each.dataset.identifier if each.dataset else None,
        "title": each.dataset.title if each.dataset else "",
        "absences": each.record.absences,
    }
