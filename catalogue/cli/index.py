"""`catalogue index`."""

from catalogue.cli.root import NEEDS_A_PERSON, json_option, load_runtime, root, show
from catalogue.services import indexing


@root.group()
def index() -> None:
    """Build and check the search index."""


@index.command("rebuild")
@json_option
def rebuild(*, as_json: bool) -> None:
    """Build a fresh index beside the live one, and swap."""
    runtime = load_runtime()
    with runtime.reading_sessions() as session:
        count = indexing.rebuild(session, runtime.backend)
    show({"datasets": count}, as_json=as_json, text=f"{count:,} datasets in the new index.")


@index.command("merge")
@json_option
def merge(*, as_json: bool) -> None:
    """Tidy the index up after many changes; for quiet hours, while searches go on."""
    count = load_runtime().backend.merge()
    show({"datasets": count}, as_json=as_json, text=f"{count:,} datasets in the merged index.")


@index.command("check")
@json_option
def check(*, as_json: bool) -> None:
    """Compare the index with the database."""
    runtime = load_runtime()
    with runtime.reading_sessions() as session:
        found = indexing.check(session, runtime.backend)
    answer = {"agree": found.agree, "missing": found.missing, "stale": found.stale, "unexpected": found.unexpected}
    words = f"{len(found.missing)} missing, {len(found.stale)} stale, {len(found.unexpected)} unexpected."
    show(answer, as_json=as_json, text="Index and database agree." if found.agree else words)
    if not found.agree:
        raise SystemExit(NEEDS_A_PERSON)
