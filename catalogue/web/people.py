"""The people of an organisation: inviting, changing roles, letting go."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import BooleanField, Form, SelectMultipleField, StringField

from catalogue import clock
from catalogue.domain.errors import Invalid, TooMany
from catalogue.models import Organisation, RoleChange
from catalogue.services import accounts, invitations, organisations, people, role_changes
from catalogue.services.people import Colleague
from catalogue.web import role_words
from catalogue.web.actors import current_actor
from catalogue.web.blueprints import section
from catalogue.web.forms import REFUSED_FORM, take
from catalogue.web.security import never_kept
from catalogue.web.sessions import read_anew, reading, writing

PERSON = "/organisations/<slug>/people/<int(max=2147483647):number>"

pages = section("people", permission="people:manage")
pages.after_request(never_kept)


class RolesForm(Form):
    """What somebody is for an organisation, and was when the form was shown.

    `sure` is asked of those who would lock themselves out.
    """

    before = StringField()
    roles = SelectMultipleField("What they do", validate_choice=False)
    sure = BooleanField()


class InvitationForm(Form):
    """Who is invited, and as what."""

    email = StringField("E-mail address")
    roles = SelectMultipleField("What they do", validate_choice=False)


@dataclass(frozen=True, slots=True)
class Told:
    """A change in words, and when it was."""

    text: str
    change: RoleChange


@pages.app_context_processor
def _offered() -> dict[str, Callable[[Organisation], bool]]:
    return {"can_manage_people": lambda organisation: people.can_manage(current_actor(), organisation)}


@pages.get("/organisations/<slug>/people")
def index(slug: str) -> str:
    """Everybody, the invitations that are open, and the form for another one."""
    return _people(slug, InvitationForm())


@pages.post("/organisations/<slug>/people")
def invite(slug: str) -> ResponseReturnValue:
    """Invite somebody; the answer is the same whether they have an account or not."""
    form = InvitationForm(request.form)
    try:
        change = invitations.invite(
            writing(),
            current_actor(),
            slug,
            email=form.email.data or "",
            roles=form.roles.data or (),
            at=clock.now(),
        )
    except Invalid as refusal:
        take(form, refusal.problems)
    except TooMany as refusal:
        form.form_errors.append(str(refusal))
    else:
        return redirect(url_for("people.index", slug=slug, done=change.identifier), code=303)
    return _people(slug, form), REFUSED_FORM


@pages.post("/organisations/<slug>/people/invitations/<identifier>")
def answer(slug: str, identifier: str) -> ResponseReturnValue:
    """Send an invitation again, or take it back."""
    work = invitations.send_again if request.form.get("do") == "again" else invitations.take_back
    change = work(writing(), current_actor(), slug, identifier, at=clock.now())
    return redirect(url_for("people.index", slug=slug, done=change.identifier), code=303)


@pages.get(PERSON)
def show(slug: str, number: int) -> str:
    """One person, and what they are there."""
    return _person(slug, number, None)


@pages.post(PERSON)
def change(slug: str, number: int) -> ResponseReturnValue:
    """Let them be something else."""
    form = RolesForm(request.form)
    try:
        made = people.change_roles(
            writing(),
            current_actor(),
            slug,
            number,
            form.roles.data or (),
            is_sure=bool(form.sure.data),
            before=(form.before.data or "").split() or None,
            at=clock.now(),
        )
    except Invalid as refusal:
        take(form, refusal.problems)
        read_anew()
        return _person(slug, number, form), REFUSED_FORM
    return _went_on(slug, made)


@pages.get(f"{PERSON}/remove")
def leave(slug: str, number: int) -> str:
    """What removing them means; nothing is done yet."""
    organisation, colleague = people.get(reading(), current_actor(), slug, number)
    return render_template(
        "people/remove.html",
        organisation=organisation,
        colleague=colleague,
        is_self=_is_self(colleague),
        why_not=people.why_not(organisation, colleague),
    )


@pages.post(f"{PERSON}/remove")
def remove(slug: str, number: int) -> ResponseReturnValue:
    """Remove them."""
    return _went_on(slug, people.remove(writing(), current_actor(), slug, number, at=clock.now()))


def _people(slug: str, form: InvitationForm) -> str:
    found = people.people_of(reading(), current_actor(), slug, at=clock.now())
    done = next((each for each in found.history if each.identifier == request.args.get("done")), None)
    return render_template(
        "people/index.html",
        form=form,
        people=found,
        organisation=found.organisation,
        choices=_choices(found.organisation, form.roles.data or ()),
        told=[Told(role_words.sentence(each), each) for each in found.history],
        done=role_words.done(done) if done is not None else "",
        until=role_changes.ends_at,
        roles_in=role_changes.roles_in,
        is_self=_is_self,
    )


def _person(slug: str, number: int, form: RolesForm | None) -> str:
    organisation, colleague = people.get(reading(), current_actor(), slug, number)
    form = form or RolesForm(data={"roles": [role.value for role in colleague.roles]})
    return render_template(
        "people/show.html",
        form=form,
        organisation=organisation,
        colleague=colleague,
        before=" ".join(role.value for role in colleague.roles),
        is_self=_is_self(colleague),
        choices=_choices(organisation, form.roles.data or ()),
        why_not=people.why_not(organisation, colleague),
    )


def _went_on(slug: str, made: RoleChange | None) -> ResponseReturnValue:
    """Back to the list; whoever may no longer see it goes to their own account."""
    user_id, session = current_actor().user_id, writing()
    is_own = made is not None and made.user_id == user_id
    if is_own and not people.can_manage(accounts.actor_of(session, user_id or 0), organisations.get(session, slug)):
        return redirect(url_for("accounts.show", saved="left"), code=303)
    # what is None is left out of an address
    return redirect(url_for("people.index", slug=slug, done=made.identifier if made is not None else None), code=303)


def _choices(organisation: Organisation, chosen: object) -> list[dict[str, object]]:
    """The boxes to tick, each with what it means."""
    ticked = set(chosen) if isinstance(chosen, (list, tuple)) else set()
    return [
        {
            "value": role.value,
            "text": role.label.capitalize(),
            "hint": {"text": role_words.WHAT_THEY_DO[role]},
            "checked": role.value in ticked,
        }
        for role in people.roles_at(organisation)
    ]


def _is_self(colleague: Colleague) -> bool:
    return colleague.user.id == current_actor().user_id
