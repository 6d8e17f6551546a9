"""Following datasets and organisations, and ending mail by the link in it."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from catalogue.domain.alerts import Often
from catalogue.models import Follow, SavedSearch
from catalogue.runtime import Runtime
from catalogue.search.backend import SearchQuery
from catalogue.services import saved_searches, stop_links
from catalogue.services.stop_links import Scope, Target
from tests.asking import ASKED, TARN, Cast
from tests.people import token_in
from tests.publishing import withdraw
from tests.web.conversations import as_, text_of

pytestmark = pytest.mark.usefixtures("indexed")


def send(client: FlaskClient, address: str, **data: str):
    return client.post(address, data={"csrf_token": token_in(text_of(client, "/following")), **data})


def wanted(runtime: Runtime) -> list[Often]:
    """How often mail is wanted, follow by follow and search by search."""
    with runtime.reading_sessions() as session:
        return [each.often for table in (Follow, SavedSearch) for each in session.query(table).order_by(table.id)]


def saved(runtime: Runtime, cast: Cast, name: str = "Asthma <b>") -> str:
    with runtime.sessions() as session:
        return saved_searches.save(
            session, cast.researcher, SearchQuery("x"), name=name, often=Often.DAILY, at=ASKED
        ).identifier


def link(app: Flask, scope: Scope, mark: str) -> str:
    key = app.config["SECRET_KEY"]
    return f"/alerts/stop/{stop_links.token_of(Target(scope, mark), key)}"


@pytest.mark.parametrize("kind", ["dataset", "organisation"])
def test_a_visitor_signs_in_and_comes_back_to_what_was_to_be_followed(
    client: FlaskClient, app: Flask, cast: Cast, kind: str
) -> None:
    page = f"/datasets/{cast.tarn_dataset}" if kind == "dataset" else "/organisations/tarn-hospital"
    address = f"/following/new?{kind}={page.rpartition('/')[2]}"
    assert f'href="{address}"' in text_of(client, page)
    assert client.get(address).location.startswith("/sign-in?next=/following/new")
    ada = as_(app, cast.researcher)
    shown = text_of(ada, address)
    form = {"csrf_token": token_in(shown), kind: page.rpartition("/")[2], "often": "weekly"}
    assert ada.post("/following", data=form).location == page
    assert "Stop following" in text_of(ada, page)
    assert "You follow it already" in text_of(ada, address)


def test_one_press_follows_and_another_stops(ada: FlaskClient, cast: Cast, runtime: Runtime) -> None:
    page = f"/datasets/{cast.tarn_dataset}"
    for _ in range(2):
        assert send(ada, "/following", dataset=cast.tarn_dataset, next=page).location == page
    send(ada, "/following", organisation="tarn-hospital")
    assert wanted(runtime) == [Often.DAILY, Often.DAILY]
    listed = text_of(ada, "/following")
    assert f"Records of {TARN}" in listed
    identifier = listed.split('id="follow-')[2][:36]
    send(ada, f"/following/{identifier}", often="off")
    assert wanted(runtime) == [Often.OFF, Often.DAILY]
    send(ada, "/following/stop", dataset=cast.tarn_dataset, next=page)
    send(ada, "/following/stop", dataset=cast.tarn_dataset)
    assert wanted(runtime) == [Often.DAILY]
    assert "Stop following" not in text_of(ada, page)


def test_what_is_not_there_cannot_be_followed(ada: FlaskClient, cast: Cast) -> None:
    for odd in ({"dataset": "nothing"}, {"organisation": "nothing"}, {"dataset": "\x00"}, {}):
        assert send(ada, "/following", **odd).status_code == 404
        assert send(ada, "/following/stop", **odd).status_code == 303
        assert ada.get("/following/new", query_string=odd).status_code == 404
    assert send(ada, "/following/nothing", often="daily").status_code == 404


def test_a_withdrawn_dataset_stays_in_the_list(ada: FlaskClient, cast: Cast, runtime: Runtime) -> None:
    send(ada, "/following", dataset=cast.tarn_dataset)
    with runtime.sessions() as session:
        withdraw(session, cast.tarn_dataset)
        session.commit()
    assert "Withdrawn</span>" in text_of(ada, "/following")


def test_a_link_of_a_mail_shows_a_button_and_ends_only_its_own_mail(
    client: FlaskClient, app: Flask, cast: Cast, runtime: Runtime
) -> None:
    address = link(app, Scope.SEARCH, saved(runtime, cast))
    saved(runtime, cast, name="Another")
    page = text_of(client, address)
    assert "the search “Asthma &lt;b&gt;”" in page
    assert wanted(runtime) == [Often.DAILY, Often.DAILY]
    answer = client.post(address, data={"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert "You get no more mail about" in answer.get_data(as_text=True)
    assert wanted(runtime) == [Often.OFF, Often.DAILY]
    everything = answer.get_data(as_text=True).split('action="/alerts/stop/')[1].split('"')[0]
    assert client.post(f"/alerts/stop/{everything}").status_code == 200
    assert wanted(runtime) == [Often.OFF, Often.OFF]


def test_a_link_whose_search_has_gone_does_no_harm(client: FlaskClient, app: Flask, cast: Cast) -> None:
    for scope in (Scope.SEARCH, Scope.FOLLOW):
        address = link(app, scope, "nothing")
        assert client.get(address).status_code == 200
        assert client.post(address).status_code == 200


@pytest.mark.parametrize(
    "change", [str.upper, lambda token: token[:-1], lambda token: "all-1", lambda token: "x" * 5000]
)
def test_a_token_that_was_not_signed_here_ends_nothing(
    client: FlaskClient, app: Flask, cast: Cast, runtime: Runtime, change
) -> None:
    address = link(app, Scope.SEARCH, saved(runtime, cast))
    token = change(address.rpartition("/")[2])
    assert client.get(f"/alerts/stop/{token}").status_code == 410
    assert client.post(f"/alerts/stop/{token}", data={"List-Unsubscribe": "One-Click"}).status_code == 400
    assert wanted(runtime) == [Often.DAILY]


def test_a_link_signed_for_something_else_ends_nothing(client: FlaskClient, app: Flask, cast: Cast) -> None:
    with app.test_request_context():
        cookie = app.session_interface.get_signing_serializer(app).dumps("all-1")
    assert client.get(f"/alerts/stop/{cookie}").status_code == 410
