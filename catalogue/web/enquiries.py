"""A researcher's enquiries: asking, and reading what came of it."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from catalogue import clock
from catalogue.domain.enquiries import Party
from catalogue.domain.errors import Invalid, NotFound, Refused, TooMany
from catalogue.domain.permissions import require
from catalogue.services import accounts, enquiries, enquiry_drafts, enquiry_routing, threads
from catalogue.services.enquiries import SentBefore
from catalogue.services.enquiry_routing import Destination
from catalogue.web import basket, enquiry_words, thread_page
from catalogue.web.actors import current_actor
from catalogue.web.blueprints import section
from catalogue.web.enquiry_forms import QuestionForm, ThreadForm
from catalogue.web.forms import REFUSED_FORM, take
from catalogue.web.security import never_kept
from catalogue.web.sessions import read_anew, reading, writing
from catalogue.web.unsent import UNSURE, given_back, has_token

CONFLICT = 409
"""The status of a form that came too late: somebody else was faster."""

pages = section("enquiries", permission="enquiry:send")
pages.after_request(never_kept)


@pages.get("/requests")
def index() -> str:
    """Everything the researcher has asked, and what is being written."""
    actor = current_actor()
    draft = enquiry_drafts.find(reading(), basket.writer())
    summaries = enquiries.list_own(reading(), actor)
    at = clock.now()
    return render_template(
        "enquiries/index.html",
        summaries=summaries,
        draft=draft,
        standing_of=lambda thread: enquiry_words.standing(thread, at=at, reader=Party.APPLICANT),
    )


@pages.get("/requests/new")
@require("enquiry:prepare")
def new() -> ResponseReturnValue:
    """The question: what was chosen, what was typed so far, who will read it."""
    draft = enquiry_drafts.find(reading(), basket.writer())
    if draft is not None and not basket.chosen():
        basket.replace(draft.datasets)
    return _question(QuestionForm.blank(draft))


@pages.post("/requests/new")
@require("enquiry:prepare")
def create() -> ResponseReturnValue:
    """Send it, or keep it and do what another button says. What was typed is kept whatever happens."""
    form, actor = QuestionForm(request.form), current_actor()
    if not has_token():
        form.form_errors.append("You were signed in or out while you wrote. Nothing is lost: send it again.")
        return _question(form), UNSURE
    if "send" not in request.form or not actor.is_signed_in:
        return redirect(_aside(), code=303) if _keep(form) else (_question(form), REFUSED_FORM)
    try:
        enquiry = enquiries.submit(writing(), actor, form.to_send(basket.chosen()), at=clock.now())
    except Invalid as refusal:
        take(form, refusal.problems)
    except TooMany as refusal:
        form.form_errors.append(str(refusal))
    except SentBefore as refusal:
        form.form_errors.append(str(refusal))
        form.begin_anew()
    else:
        basket.empty()
        return redirect(url_for("enquiries.sent", identifier=enquiry.identifier), code=303)
    _keep(form)
    return _question(form), REFUSED_FORM


@pages.post("/requests/new/discard")
@require("enquiry:prepare")
def discard() -> ResponseReturnValue:
    """Throw away what was typed and chosen."""
    enquiry_drafts.discard(writing(), basket.writer(), at=clock.now())
    basket.empty()
    return redirect(url_for("search.show"), code=303)


@pages.get("/requests/<identifier>")
def show(identifier: str) -> str:
    """One enquiry: whose turn it is in each thread, and what was written."""
    return _enquiry(identifier)


@pages.get("/requests/<identifier>/sent")
def sent(identifier: str) -> str:
    """That it was sent, and who will read it."""
    return render_template("enquiries/sent.html", view=enquiries.get_own(reading(), current_actor(), identifier))


@pages.post("/requests/<identifier>/<thread>")
@require("enquiry:prepare")
def move(identifier: str, thread: str) -> ResponseReturnValue:
    """Write in a thread, or end it. What was typed is shown again when it cannot be done."""
    form, actor = ThreadForm(request.form), current_actor()
    target = url_for("enquiries.show", identifier=identifier, _anchor=f"thread-{thread[:8]}")
    if not actor.is_signed_in or not has_token():
        return given_back(form.words, target)
    acting = threads.arrive(reading(), actor, thread, for_update=False)
    if Party.APPLICANT not in acting.parties or acting.thread.enquiry.identifier != identifier:
        raise NotFound(thread)
    try:
        threads.move(writing(), actor, thread, form.wanted, text=form.words, key=form.once, at=clock.now())
    except Invalid as refusal:
        take(form, refusal.problems)
        return _enquiry(identifier, {thread: form}), REFUSED_FORM
    except Refused as refusal:
        form.form_errors.append(str(refusal))
        read_anew()
        return _enquiry(identifier, {thread: form}), CONFLICT
    return redirect(target, code=303)


def _question(form: QuestionForm) -> str:
    actor, at = current_actor(), clock.now()
    datasets = enquiry_routing.published(reading(), basket.chosen())
    routes: tuple[Destination, ...] = enquiry_routing.destinations(
        reading(), datasets.values(), researcher_id=actor.user_id, at=at
    )
    return render_template(
        "enquiries/new.html",
        form=form,
        routes=routes,
        gone=[each for each in basket.chosen() if each not in datasets],
        person=accounts.get(reading(), actor.user_id) if actor.is_signed_in else None,
        longest=enquiries.LONGEST_QUESTION,
    )


def _enquiry(identifier: str, forms: dict[str, ThreadForm] | None = None) -> str:
    view = enquiries.get_own(reading(), current_actor(), identifier)
    panels = [
        thread_page.build(each, (forms or {}).get(each.thread.identifier) or ThreadForm.blank(), at=clock.now())
        for each in view.threads
    ]
    return render_template("enquiries/show.html", view=view, panels=panels)


def _keep(form: QuestionForm) -> bool:
    """Keep what was typed; when it is too much to be kept whole, the form says so."""
    writer, draft = basket.writer(), form.draft(basket.chosen())
    problems = enquiry_drafts.problems_of(draft)
    if problems:
        take(form, problems)
        return False
    token = "" if writer.user_id is not None else basket.new_writer_token()
    enquiry_drafts.keep(writing(), writer, draft, at=clock.now(), browser=token)
    return True


def _aside() -> str:
    """Where a button leads that does not send: what was typed is kept."""
    if "remove" in request.form:
        basket.take_out(request.form["remove"])
        return url_for("enquiries.new")
    if "more" in request.form:
        return url_for("search.show")
    if "later" in request.form:
        return url_for("enquiries.index")
    return url_for("sign_in.show", next=url_for("enquiries.new"))
