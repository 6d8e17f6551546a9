"""How a mail server is spoken to: encrypted when it can be, and a password never otherwise."""

import shutil
import ssl
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import AuthResult, LoginPassword

from catalogue import clock
from catalogue.mail import Message, Uncertain, Unreachable, open_mailer
from catalogue.mail.smtp import SmtpMailer
from tests.mail_server import MailServer, mail_server


def message() -> Message:
    return Message("note", "one@catalogue.example", "ada@people.example", "Hello", "Ærø\n", clock.now())


def send(url: str) -> None:
    with open_mailer(url, sender="desk@catalogue.example", sender_name="Desk").opened() as sender:
        sender.address("ada@people.example")
        sender.send(message())


class Door:
    """Lets one person in, and knows whether anybody tried."""

    def __init__(self) -> None:
        self.tried: list[bytes] = []

    def __call__(self, _server: Any, _session: Any, _envelope: Any, _mechanism: str, data: Any) -> AuthResult:
        assert isinstance(data, LoginPassword)
        self.tried.append(data.password)
        return AuthResult(success=(data.login, data.password) == (b"ada", b"p/ss w@rd"), handled=False)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> ssl.SSLContext:
    """What a relay on this machine makes for itself."""
    program = shutil.which("openssl")
    if program is None:
        pytest.skip("openssl makes the certificate, and is not here")
    folder: Path = tmp_path_factory.mktemp("certificate")
    files = ["-keyout", str(folder / "key.pem"), "-out", str(folder / "certificate.pem")]
    # a key on a curve is made at once
    key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    command = [program, "req", "-x509", *key, "-days", "2", "-subj", "/CN=localhost", *files]
    subprocess.run(command, check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "certificate.pem", folder / "key.pem")
    return context


def test_a_server_that_offers_encryption_is_spoken_to_in_it(certificate: ssl.SSLContext) -> None:
    door = Door()
    with mail_server(tls_context=certificate, require_starttls=True, authenticator=door, auth_required=True) as server:
        send(server.url.replace("smtp://", "smtp://ada:p%2Fss%20w%40rd@"))
    assert len(server.taken) == 1
    assert len(door.tried) == 1


def test_smtps_is_encrypted_from_the_first_byte(certificate: ssl.SSLContext) -> None:
    with mail_server(ssl_context=certificate) as server:
        send(server.url.replace("smtp://", "smtps://"))
    assert len(server.taken) == 1


def test_a_certificate_that_nobody_vouches_for_is_only_taken_from_this_machine(certificate: ssl.SSLContext) -> None:
    with mail_server(tls_context=certificate) as server, pytest.raises(Unreachable, match="certificate"):
        send(_by_another_name(server))
    assert server.taken == []


def test_a_password_is_not_sent_over_an_open_line() -> None:
    door = Door()
    with mail_server(authenticator=door, auth_require_tls=False) as server:
        with pytest.raises(Unreachable, match="no encryption"):
            send(_by_another_name(server).replace("smtp://", "smtp://ada:secret@"))
        assert door.tried == []
        send(_by_another_name(server))
    assert len(server.taken) == 1


def test_a_password_that_cannot_be_sent_is_said_to_be_one() -> None:
    with mail_server(authenticator=Door(), auth_require_tls=False) as server, pytest.raises(Unreachable, match="ASCII"):
        send(server.url.replace("smtp://", "smtp://ada:w%C3%B6rd@"))


def test_a_wrong_password_is_an_unreachable_server_and_is_not_told() -> None:
    with (
        mail_server(authenticator=Door(), auth_require_tls=False) as server,
        pytest.raises(Unreachable) as told,
    ):
        send(server.url.replace("smtp://", "smtp://ada:wrong-and-secret@"))
    assert "wrong-and-secret" not in str(told.value)


def test_a_server_that_says_nothing_holds_up_nobody_for_ever() -> None:
    with mail_server() as server:
        server.holding = "DATA"
        mailer = open_mailer(server.url, sender="desk@catalogue.example", sender_name="Desk")
        assert isinstance(mailer, SmtpMailer)
        with replace(mailer, timeout=0.2).opened() as sender:
            sender.address("ada@people.example")
            with pytest.raises(Uncertain):
                sender.send(message())


def _by_another_name(server: MailServer) -> str:
    """The same server by a name of which nobody can tell that it is this machine."""
    return server.url.replace("127.0.0.1", "127.1")
