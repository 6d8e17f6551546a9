"""Which passwords are taken, and how they are compared."""

import pytest

from catalogue.services.passwords import LONGEST, STANDARD, Passwords, problems

CHEAP = Passwords(memory_kib=8, rounds=1)


@pytest.mark.parametrize(
    "password", ["harbour lantern moss", "Pa$$word-2026-x", "日本語のながいパスワードです", "a b c d e f g"]
)
def test_long_ones_are_taken_whatever_letters_they_have(password: str) -> None:
    assert problems(password, email="ada@people.example") == ()


@pytest.mark.parametrize(
    ("password", "said"),
    [
        ("", "fewer than 12"),
        ("elevenchars", "fewer than 12"),
        ("x" * (LONGEST + 1), "more than"),
        ("aaaaaaaaaaaa", "same few"),
        ("121212121212", "same few"),
        ("ada.moss-ada.moss-1", "e-mail"),
        ("Ada.Moss@2026", "e-mail"),
    ],
)
def test_short_ones_and_guesses_are_not(password: str, said: str) -> None:
    (problem,) = problems(password, email="ada.moss@people.example")
    assert said in problem.message
    assert problem.path == "password"
    assert problem.fix


def test_only_the_password_matches_its_hash() -> None:
    kept = CHEAP.hash("harbour lantern moss")
    assert kept.startswith("$argon2id$")
    assert CHEAP.hash("harbour lantern moss") != kept
    assert CHEAP.matches(kept, "harbour lantern moss")
    assert not CHEAP.matches(kept, "harbour lantern mos")
    assert not CHEAP.matches(kept, "")
    assert not CHEAP.matches(kept, "x" * 1_000_000)


@pytest.mark.parametrize("kept", [None, "", "not a hash", "$argon2id$v=19$m=8,t=1,p=1$broken"])
def test_without_a_good_hash_nothing_matches(kept: str | None) -> None:
    assert not CHEAP.matches(kept, "harbour lantern moss")
    assert not CHEAP.matches(kept, "nobody's")


def test_accents_may_be_typed_either_way() -> None:
    assert CHEAP.matches(CHEAP.hash("caf\u00e9 au lait s'il"), "cafe\u0301 au lait s'il")


def test_a_hash_of_another_cost_is_outdated() -> None:
    kept = CHEAP.hash("harbour lantern moss")
    assert STANDARD.is_outdated(kept)
    assert not CHEAP.is_outdated(kept)
    assert STANDARD.matches(kept, "harbour lantern moss")
