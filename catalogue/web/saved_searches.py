"""Searches that people keep: saving one, and what came since they last looked."""

from datetime import MAXYEAR, datetime

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import Form, StringField

from catalogue import clock
from catalogue.domain.alerts import Often
from catalogue.domain.errors import Invalid
from catalogue.runtime import runtime
from catalogue.search.backend import SearchQuery
from catalogue.services import questions, saved_searches
from catalogue.web import addresses, question_names
from catalogue.web.actors import current_actor
from catalogue.web.blueprints import section
from catalogue.web.forms import REFUSED_FORM, take
from catalogue.web.security import never_kept
from catalogue.web.sessions import reading, writing

SHOWN = 100
"""New results that a page lists; the search itself has them all."""
OFTEN = [{"value": each.value, "text": each.label} for each in Often]

pages = section("saved_searches", permission="search:save")
pages.after_request(never_kept)


class SearchForm(Form):
    """What a saved search is called, and when mail about it is wanted."""

    name = StringField("Name")
    often = StringField("Mail about new results", default=Often.DAILY.value)

    @property
    def chosen(self) -> Often:
        """How often; never, when a form says something that is no choice."""
        value = self.often.data or ""
        return Often(value) if value in set(Often) else Often.OFF


@pages.app_context_processor
def _offered() -> dict[str, object]:
    return {"save_search_href": _save_href, "often_choices": OFTEN}


def _save_href(query: SearchQuery) -> str:
    """Where a question is saved; signing in leads back there, with nothing lost."""
    return addresses.with_pairs(url_for("saved_searches.new"), addresses.pairs(question_names.plain(query)))


@pages.get("/searches")
def index() -> str:
    """Every search that the person keeps."""
    return _searches()


@pages.get("/searches/new")
def new() -> str:
    """A name and how often, for the question of the address."""
    return _new(_asked())


@pages.post("/searches/new")
def create() -> ResponseReturnValue:
    """Keep the question of the address."""
    form, query = SearchForm(request.form), _asked()
    try:
        saved_searches.save(
            writing(), current_actor(), query, name=form.name.data or "", often=form.chosen, at=clock.now()
        )
    except Invalid as refusal:
        take(form, refusal.problems)
        return _new(query, form), REFUSED_FORM
    return redirect(url_for("saved_searches.index", saved="yes"), code=303)


@pages.get("/searches/<identifier>")
def run(identifier: str) -> ResponseReturnValue:
    """Go on to the results as they are now; from now on what comes is new."""
    saved = saved_searches.get_own(reading(), current_actor(), identifier)
    query = saved_searches.query_of(saved)
    saved_searches.look(writing(), current_actor(), identifier, at=clock.now())
    return redirect(addresses.address(query), code=303)


@pages.get("/searches/<identifier>/new")
def show_new(identifier: str) -> ResponseReturnValue:
    """What came or changed since a moment; without one, since the person last looked."""
    actor = current_actor()
    since = _moment(request.args.get("since", ""))
    if since is None:
        before = saved_searches.look(writing(), actor, identifier, at=clock.now())
        return redirect(url_for("saved_searches.show_new", identifier=identifier, since=before.isoformat()), code=303)
    saved = saved_searches.get_own(reading(), actor, identifier)
    query = saved_searches.query_of(saved)
    found = saved_searches.new_results(reading(), runtime().backend, query, since)
    return render_template(
        "saved_searches/new_results.html",
        saved=saved,
        since=since,
        total=len(found),
        items=found[:SHOWN],
        results_href=addresses.address(query),
    )


@pages.post("/searches/<identifier>")
def change(identifier: str) -> ResponseReturnValue:
    """Take another name, or other times for mail."""
    form = SearchForm(request.form)
    try:
        saved_searches.change(
            writing(), current_actor(), identifier, name=form.name.data or "", often=form.chosen, at=clock.now()
        )
    except Invalid as refusal:
        take(form, refusal.problems)
        return _searches({identifier: form}), REFUSED_FORM
    return redirect(url_for("saved_searches.index", _anchor=f"search-{identifier}"), code=303)


@pages.post("/searches/<identifier>/delete")
def delete(identifier: str) -> ResponseReturnValue:
    """Delete it; the list offers to put it back."""
    saved_searches.remove(writing(), current_actor(), identifier, at=clock.now())
    return redirect(url_for("saved_searches.index", removed=identifier), code=303)


@pages.post("/searches/<identifier>/put-back")
def put_back(identifier: str) -> ResponseReturnValue:
    """Take a deletion back."""
    saved_searches.put_back(writing(), current_actor(), identifier, at=clock.now())
    return redirect(url_for("saved_searches.index", _anchor=f"search-{identifier}"), code=303)


def _asked() -> SearchQuery:
    return question_names.plain(addresses.read(request.args.to_dict(flat=False)).query)


def _moment(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    # The ends of time have no place in every zone.
    is_usable = found.tzinfo is not None and 1 < found.year < MAXYEAR
    return found if is_usable and found.utcoffset() is not None else None


def _new(query: SearchQuery, form: SearchForm | None = None) -> str:
    answer = questions.counted(runtime().backend, query)
    words = question_names.name_of(query, answer.facets)
    return render_template(
        "saved_searches/new.html",
        form=form or SearchForm(data={"name": words, "often": Often.DAILY.value}),
        words=words,
        results_href=addresses.address(query),
        action=addresses.with_pairs(url_for("saved_searches.create"), addresses.pairs(query)),
        total=answer.total,
        same=saved_searches.find_same(reading(), current_actor(), query),
    )


def _searches(forms: dict[str, SearchForm] | None = None) -> str:
    actor = current_actor()
    found = saved_searches.list_own(reading(), runtime().backend, actor)
    return render_template(
        "saved_searches/index.html",
        items=found,
        forms=forms or {},
        form_of=lambda saved: SearchForm(data={"name": saved.name, "often": saved.often.value}),
        removed=saved_searches.removed(reading(), actor, request.args.get("removed", "")),
        words_of=question_names.name_of,
    )
