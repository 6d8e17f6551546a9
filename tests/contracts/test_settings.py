"""Every setting is explained, works by default, and is secret where it can hold a password."""

from dataclasses import fields
from pathlib import Path

import pytest

from catalogue.config import PREFIX, Settings, SettingsError


@pytest.mark.parametrize("name", [each.name for each in fields(Settings)])
def test_a_setting_is_explained_in_a_sentence(name: str) -> None:
    (setting,) = [each for each in fields(Settings) if each.name == name]
    explanation = setting.metadata["help"]
    assert explanation.endswith(".")
    assert len(explanation) > 20


def test_an_empty_environment_is_enough() -> None:
    assert Settings.from_environment({}) == Settings()


def test_all_mistakes_are_told_at_once() -> None:
    wrong = {"SECRET_KEY": "short", "BASE_URL": "ftp://x", "DATABASE_URL": "invalid", "LOG_LEVEL": "LOUD"}
    with pytest.raises(SettingsError) as raised:
        Settings.from_environment({PREFIX + name: value for name, value in wrong.items()})
    told = "\n".join(raised.value.mistakes)
    assert all(PREFIX + name in told for name in wrong)


def test_what_can_hold_a_password_is_secret() -> None:
    secret = {each.name for each in fields(Settings) if each.metadata["secret"]}
    assert secret >= {"database_url", "mail_url", "search_url", "secret_key"}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("MAIL_URL", "pigeon://loft"),
        ("MAIL_URL", "file://relative"),
        ("MAIL_URL", "smtp://"),
        ("MAIL_URL", "smtp://mail.example:port"),
        ("MAIL_URL", "smtp://ada:w%C3%B6rd@mail.example"),
        ("MAIL_FROM", "nobody"),
        ("MAIL_FROM", "a@b.example\nBcc: c@d.example"),
        ("SYNONYMS_FILE", "/nowhere"),
        ("CUSTODIAN_ALIASES_FILE", "/nowhere"),
        ("TRUSTED_PROXIES", "all"),
        ("TRUSTED_PROXIES", "-1"),
    ],
)
def test_a_setting_that_cannot_work_is_refused(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=PREFIX + name):
        Settings.from_environment({PREFIX + name: value})


@pytest.mark.parametrize(
    ("base_url", "sender"),
    [
        ("https://data.example.org", "catalogue@data.example.org"),
        ("http://127.0.0.1:8000", "catalogue@localhost"),
        ("http://[::1]:8000", "catalogue@localhost"),
    ],
)
def test_mail_comes_from_the_catalogues_own_host_unless_it_is_said(base_url: str, sender: str) -> None:
    assert Settings(base_url=base_url).mail_sender == sender
    assert Settings(base_url=base_url, mail_from="desk@a.example").mail_sender == "desk@a.example"


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "words.txt"
    file.write_bytes("café, coffee".encode("cp1252"))
    with pytest.raises(SettingsError, match="UTF-8"):
        Settings.from_environment({f"{PREFIX}SYNONYMS_FILE": str(file)})
