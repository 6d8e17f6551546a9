"""The desk: what waits for an answer, and answering it."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from catalogue import clock
from catalogue.domain.enquiries import Desk
from catalogue.domain.errors import Invalid, NotFound, Refused, TooMany
from catalogue.domain.permissions import Actor, require
from catalogue.models import EnquiryThread
from catalogue.services import desk, desk_work, enquiry_mail, enquiry_routing, thread_reading, threads
from catalogue.services.desk import Tray
from catalogue.web import desk_page, enquiry_words, thread_page
from catalogue.web.actors import current_actor
from catalogue.web.blueprints import section
from catalogue.web.enquiry_forms import DeskForm
from catalogue.web.forms import REFUSED_FORM, take
from catalogue.web.paging import page_number
from catalogue.web.security import never_kept
from catalogue.web.sessions import read_anew, reading, writing
from catalogue.web.unsent import given_back, has_token

CONFLICT = 409
"""The status of a form that came too late: a colleague, or the researcher, was faster."""
FIELDS = {"note": "note", "refer": "reason"}
"""Commands whose words are typed into a field of their own."""
LEAVES_DESK = {"to_custodian", "refer"}
"""What takes a thread away, so that the page goes on to the desk."""

pages = section("desk", permission="enquiry:open")
pages.after_request(never_kept)


@pages.get("/desk")
@require("enquiry:handle")
def index() -> str:
    """What waits, whose turn it is, what is due first."""
    actor = current_actor()
    tray = next((each for each in Tray if each == request.args.get("show")), Tray.TURN)
    inbox = desk.inbox(reading(), actor, tray=tray, page=page_number(request.args.get("page")))
    return render_template(
        "desk/index.html",
        page=desk_page.build(inbox, actor, at=clock.now()),
        desks=desk.own_desks(reading(), actor),
    )


@pages.get("/desk/<thread>")
def show(thread: str) -> str:
    """One thread, with everything that can be done about it."""
    return _thread(thread, DeskForm.blank(), is_pointing="point" in request.args)


@pages.post("/desk/<thread>")
@require("enquiry:prepare")
def move(thread: str) -> ResponseReturnValue:
    """Do it, and go on. What was typed is shown again when it cannot be done."""
    form, actor = DeskForm(request.form), current_actor()
    if not actor.is_signed_in or not has_token():
        return given_back(form.typed, url_for("desk.show", thread=thread))
    if not threads.arrive(reading(), actor, thread, for_update=False).is_desk:
        raise NotFound(thread)
    try:
        moved = _do(actor, thread, form)
    except Invalid as refusal:
        field = FIELDS.get(form.wanted, "text")
        take(form, (replace(each, path=field if each.path == "text" else each.path) for each in refusal.problems))
        return _thread(thread, form), REFUSED_FORM
    except (Refused, TooMany) as refusal:
        form.form_errors.append(str(refusal))
        read_anew()
        return _thread(thread, form), CONFLICT
    if form.wanted in LEAVES_DESK:
        return redirect(url_for("desk.index", done=form.wanted), code=303)
    return redirect(url_for("desk.show", thread=moved.identifier, done=form.wanted), code=303)


def _do(actor: Actor, thread: str, form: DeskForm) -> EnquiryThread:
    session, at, key, command = writing(), clock.now(), form.once, form.wanted
    special: Mapping[str, Callable[[], EnquiryThread]] = {
        "assign": lambda: desk_work.assign(session, actor, thread, form.handler_id, at=at, key=key),
        "forward": lambda: desk_work.forward(session, actor, thread, form.address.data or "", at=at, key=key),
        "to_custodian": lambda: desk_work.send_to_custodian(session, actor, thread, at=at, key=key),
        "recall": lambda: desk_work.recall(session, actor, thread, at=at, key=key),
        "refer": lambda: desk_work.refer(
            session, actor, thread, form.organisation.data or "", text=form.text_for("refer"), at=at, key=key
        ),
    }
    if command in special:
        return special[command]()
    return threads.move(session, actor, thread, command, text=form.text_for(command), key=key, at=at)


def _thread(identifier: str, form: DeskForm, *, is_pointing: bool = False) -> str:
    session, actor = reading(), current_actor()
    acting = threads.arrive(session, actor, identifier, for_update=False)
    if not acting.is_desk:
        raise NotFound(identifier)
    thread, view = acting.thread, thread_reading.view(session, acting)
    people = enquiry_mail.colleagues(session, thread)
    form.handler.choices = [("", "Nobody in particular"), *((str(each.id), each.name) for each in people)]
    others = desk_work.could_take_over(session, thread) if view.may("refer") else []
    form.organisation.choices = [("", "Choose an organisation"), *((each.slug, each.name) for each in others)]
    if form.handler.data is None:
        form.handler.data = str(thread.handler_id or "")
    routes = enquiry_routing.destinations(
        session, view.datasets, researcher_id=thread.enquiry.researcher_id, at=clock.now()
    )
    elsewhere = [address for route in routes for address in route.apply_elsewhere]
    if is_pointing and elsewhere:
        form.text.data = enquiry_words.pointing_to(thread.custodian.name, elsewhere)
    return render_template(
        "desk/show.html",
        panel=thread_page.build(view, form, at=clock.now()),
        elsewhere=elsewhere,
        takes_own=thread.desk is Desk.ALLIANCE and any(route.desk is Desk.CUSTODIAN for route in routes),
        following=desk.next_due(session, actor, after=thread),
        assigned=next((each.name for each in people if each.id == thread.handler_id), ""),
    )
