"""Browsers and threads for tests of the pages on which questions are asked and answered."""

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from catalogue import clock
from catalogue.domain.permissions import Actor
from catalogue.models import EnquiryThread, OutboxMessage
from catalogue.runtime import Runtime
from catalogue.services import accounts, links, threads
from catalogue.services.mailing import LinkOrder
from tests.asking import Cast, ask, thread_with
from tests.people import client_of, token_in


def as_(app: Flask, actor: Actor) -> FlaskClient:
    """A browser in which the actor is signed in."""
    with app.extensions["catalogue"].sessions() as session:
        user = accounts.get(session, actor.user_id)
    return client_of(app, user)


def asked(runtime: Runtime, cast: Cast, *datasets: str) -> str:
    """The identifier of an enquiry about these datasets; about one of Tarn Hospital's when none is named."""
    with runtime.sessions() as session:
        return ask(session, cast, *(datasets or (cast.tarn_dataset,)), at=clock.now()).identifier


def thread_of(runtime: Runtime, name: str) -> EnquiryThread:
    """The thread with the custodian of that name, as it is now."""
    with runtime.reading_sessions() as session:
        return thread_with(session, name)


def moved(runtime: Runtime, actor: Actor, thread: str, command: str, text: str = "") -> None:
    """Let somebody do something in a thread, without a page."""
    with runtime.sessions() as session:
        threads.move(session, actor, thread, command, text=text, at=clock.now())


def text_of(client: FlaskClient, address: str) -> str:
    """The page at an address, which is there."""
    answer = client.get(address)
    assert answer.status_code == 200, f"{address}: {answer.status}"
    return answer.get_data(as_text=True)


def act(client: FlaskClient, action: str, page: str, /, **data: str) -> TestResponse:
    """Send a form of a page to an address, with the key that the page gave it."""
    shown = text_of(client, page)
    key = shown.split('name="key" value="')[1].split('"')[0]
    return client.post(action, data={"csrf_token": token_in(shown), "key": key, **data})


def mailed_link(runtime: Runtime) -> str:
    """The token of the link that the last mail with one orders, made as the worker makes it."""
    with runtime.sessions() as session:
        mails = session.scalars(select(OutboxMessage).order_by(OutboxMessage.id.desc()))
        order = next(LinkOrder.from_json(link) for mail in mails for link in mail.payload.get("links", {}).values())
        token = links.issue(
            session,
            order.purpose,
            order.subject,
            at=clock.now(),
            lifetime=order.lifetime,
            user_id=order.user_id,
            details=dict(order.details),
        )
        session.commit()
    return token
