"""Every setting is explained, works by default, and is secret where it can hold a password."""

from dataclasses import fields

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
