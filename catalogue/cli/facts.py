"""`catalogue facts`."""

import json
from pathlib import Path
from typing import Any

import click

from catalogue.cli.root import NEEDS_A_PERSON, WRONG_USE, json_option, load_runtime, root, show, stop
from catalogue.services import fact_report
from schemas.inference.checking import Checked, Outcome, Score, outcome, read_checked, recall
from schemas.validation.json_text import Unreadable, read_json


@root.group()
def facts() -> None:
    """Look after facts that are read from the text of descriptions."""


@facts.command("report")
@json_option
def report(*, as_json: bool) -> None:
    """Count what datasets state, and what is known of them with what was read."""
    with load_runtime().reading_sessions() as session:
        found = fact_report.coverage(session)
    rows = [
        {
            "name": each.name,
            "label": each.label,
            "stated": each.stated,
            "known": each.known,
            "waiting": each.waiting,
            "confirmed": each.confirmed,
            "refused": each.refused,
        }
        for each in found.rows
    ]
    lines = [f"{found.datasets:,} datasets", f"{'':18}{'stated':>8}{'known':>8}{'waiting':>9}"]
    lines += [f"{each.label:18}{each.stated:>8,}{each.known:>8,}{each.waiting:>9,}" for each in found.rows]
    show({"datasets": found.datasets, "items": rows}, as_json=as_json, text="\n".join(lines))


@facts.command("check")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@json_option
def check(file: Path, *, as_json: bool) -> None:
    """Say how often the facts of the records in FILE are right, by the verdicts in it."""
    checked = _read(file)
    with load_runtime().reading_sessions() as session:
        found = fact_report.found_in(session, checked)
    result = outcome(checked, found)
    seen, all_of_them = recall(checked, found)
    answer = {
        "records": len(found),
        "kinds": [_score(each) for each in result.kinds],
        "total": _score(result.total),
        "unjudged": [{"record": record, "path": path, "value": value} for record, path, value in result.unjudged],
        "recall": {"found": seen, "of": all_of_them},
    }
    show(answer, as_json=as_json, text=_in_words(len(found), result))
    if not result.is_good:
        raise SystemExit(NEEDS_A_PERSON)


def _read(file: Path) -> Checked:
    try:
        return read_checked(read_json(file.read_bytes()).value)
    except (Unreadable, AttributeError, KeyError, TypeError, ValueError) as error:
        stop(f"{file} holds no verdicts: {error!r}", status=WRONG_USE)


def _score(score: Score) -> dict[str, Any]:
    return {"label": score.label, "inferred": score.inferred, "right": score.right, "precision": score.precision}


def _in_words(records: int, result: Outcome) -> str:
    lines = [f"{records:,} records"]
    for each in (*result.kinds, result.total):
        share = "" if each.precision is None else f"{100 * each.precision:>8.1f} %"
        lines.append(f"{each.label:20}{each.inferred:>8,}{each.right:>8,}{share}")
    lines += [f"No verdict: {record} {path} {json.dumps(value)}" for record, path, value in result.unjudged]
    return "\n".join(lines)
