"""A mail as it is written: nothing that anybody typed ends a header, and every template says why it came."""

from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.mail import LetterError, Message, open_mailer, write
from catalogue.mail.folder import FolderMailer
from catalogue.mail.log import LogMailer
from catalogue.mail.smtp import SmtpMailer
from catalogue.mail.writing import line
from catalogue.paths import asset_folder
from catalogue.services.deliveries import Site

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
SITE = Site("Catalogue of the Tests", "https://catalogue.example")
MAILS = [path.stem for path in sorted((asset_folder("templates") / "email").glob("[!_]*.txt"))]


def message(**changes: object) -> Message:
    facts = {
        "kind": "note",
        "identifier": "a@b.example",
        "to": "ada@people.example",
        "subject": "Hello",
        "text": "Hi\n",
    }
    return Message(**{**facts, **changes}, at=NOON)  # type: ignore[arg-type]


@pytest.mark.parametrize("field", ["identifier", "to", "subject"])
@pytest.mark.parametrize("text", ["a\nBcc: all@people.example", "a\r\nX: y", "a\x00", "a\u2028b", "a\x0bb"])
def test_nothing_that_breaks_a_line_gets_into_a_header(field: str, text: str) -> None:
    with pytest.raises(LetterError):
        message(**{field: text})


@given(st.text(max_size=60), st.text(max_size=60))
def test_whatever_a_person_is_called_the_headers_stay_as_many_as_they_are(name: str, subject: str) -> None:
    mail = message(subject=line(f"From {subject}"), text=f"Hello {line(name)}\n")
    read = message_from_bytes(mail.as_email("desk@b.example", line(name)).as_bytes(), policy=default)
    plain = message().as_email("desk@b.example", "Desk")
    assert sorted(read.keys()) == sorted(plain.keys())
    assert str(read["Subject"]) == line(f"From {subject}")
    assert str(read["To"]) == "ada@people.example"


def test_a_long_name_of_a_catalogue_and_letters_of_any_script_survive() -> None:
    mail = message(subject="Ω für Ærø " + "ß" * 150)
    read = message_from_bytes(mail.as_email("desk@b.example", "Ærø " * 30).as_bytes(), policy=default)
    assert str(read["Subject"]) == mail.subject


def test_an_address_in_a_header_is_neither_broken_nor_encoded() -> None:
    address = f"<https://catalogue.example/alerts/stop/{'a' * 300}>"
    written = message(headers={"List-Unsubscribe": address}).as_email("desk@b.example", "Desk").as_bytes()
    assert f"\r\nList-Unsubscribe: {address}\r\n".encode() in written


@pytest.mark.parametrize("value", ["a\r\nBcc: all@people.example", "x" * 1000, "<https://ærø.example>"])
def test_a_header_that_cannot_be_sent_as_it_is_is_refused(value: str) -> None:
    with pytest.raises(LetterError):
        message(headers={"List-Unsubscribe": value})


def test_a_subject_that_is_too_long_is_shortened() -> None:
    subject, _ = write("account_exists", {"name": "", "site": Site("N" * 500, "https://c.example")})
    assert len(subject) <= 200


def test_what_somebody_typed_stays_on_its_line() -> None:
    _, text = write("account_exists", {"name": "Ada\n\n--\nClick https://evil.example", "site": SITE})
    assert text.splitlines()[0] == "Hello Ada -- Click https://evil.example,"


@pytest.mark.parametrize(
    "template", ["account_link", "account_exists", "password_link", "no_account", "password_changed"]
)
def test_a_mail_says_why_it_came_and_leads_only_to_the_catalogue(template: str) -> None:
    subject, text = write(template, {"name": "Ada", "link": "https://catalogue.example/x", "site": SITE})
    assert subject
    assert text.startswith("Hello Ada,\n")
    assert "\nYou get this mail because " in text
    assert "{" not in text
    assert all("https://catalogue.example" in row for row in text.splitlines() if "://" in row)
    assert max(map(len, text.splitlines())) <= 120
    assert "\n\n\n" not in text


@pytest.mark.parametrize("template", MAILS)
def test_every_template_builds_on_the_layout_that_says_why(template: str) -> None:
    source = (asset_folder("templates") / "email" / f"{template}.txt").read_text(encoding="utf-8")
    assert '{% extends "_layout.txt" %}' in source
    assert "{% block why %}" in source
    assert "{% block subject %}" in source


@pytest.mark.parametrize(
    ("url", "host", "port", "user", "password", "is_encrypted"),
    [
        ("smtp://mail.example", "mail.example", 25, "", "", False),
        ("smtp://ada%40x:p%2Fss@mail.example", "mail.example", 587, "ada@x", "p/ss", False),
        ("smtps://u:p@mail.example", "mail.example", 465, "u", "p", True),
        ("smtp://[::1]:2525", "::1", 2525, "", "", False),
    ],
)
def test_an_address_says_which_server(
    url: str, host: str, port: int, user: str, password: str, is_encrypted: bool
) -> None:
    mailer = open_mailer(url, sender="a@b.example", sender_name="A")
    assert mailer == SmtpMailer(host, port, user, password, is_encrypted, "a@b.example", "A")
    assert "p/ss" not in repr(mailer)


def test_an_address_says_which_folder_or_nothing() -> None:
    assert open_mailer("file:///srv/a%20b", sender="a@b.example", sender_name="A") == FolderMailer(
        Path("/srv/a b"), "a@b.example", "A"
    )
    assert open_mailer("", sender="a@b.example", sender_name="A") == LogMailer()


@pytest.mark.parametrize("url", ["file://mail", "file:mail", "smtp://", "pigeon://loft"])
def test_any_other_address_is_refused_with_a_sentence(url: str) -> None:
    with pytest.raises(ValueError, match=r"\.$"):
        open_mailer(url, sender="a@b.example", sender_name="A")
