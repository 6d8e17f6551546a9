"""Passwords: kept as Argon2id, compared in the same time whether there is an account or not."""

import unicodedata
from functools import cached_property

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from schemas.metadata import Problem, Severity

MEMORY_KIB = 19_456
ROUNDS = 2
"""Least cost that the OWASP password storage cheat sheet names for Argon2id on one lane."""
SHORTEST, LONGEST = 12, 200
FEWEST_CHARACTERS = 5
PATH = "password"


class Passwords:
    """Makes and checks hashes. What a hash costs is written in it, so tests make theirs cheaply and nothing else."""

    def __init__(self, *, memory_kib: int = MEMORY_KIB, rounds: int = ROUNDS) -> None:
        self._hasher = PasswordHasher(time_cost=rounds, memory_cost=memory_kib, parallelism=1)

    def hash(self, password: str) -> str:
        """What is kept of a password."""
        return self._hasher.hash(_normal(password))

    def matches(self, kept: str | None, password: str) -> bool:
        """Whether the password is the one; without a hash it never is, and takes as long to say."""
        # Made by the first comparison whatever it compares, so that its time tells nothing either.
        nobodys = self._nobodys
        try:
            self._hasher.verify(nobodys if kept is None else kept, _normal(password[:LONGEST]))
        except (Argon2Error, InvalidHashError):
            return False
        return kept is not None

    def is_outdated(self, kept: str) -> bool:
        """Whether the hash was made at another cost than is made now."""
        return self._hasher.check_needs_rehash(kept)

    @cached_property
    def _nobodys(self) -> str:
        return self._hasher.hash("nobody's")


STANDARD = Passwords()


def problems(password: str, *, email: str = "") -> tuple[Problem, ...]:
    """What is wrong with a new password, if anything: long is what counts, so nothing is asked of its letters."""
    folded, name = password.casefold(), email.partition("@")[0]
    if len(password) < SHORTEST:
        return (_problem(f"It has fewer than {SHORTEST} characters.", "Three words that do not belong together do."),)
    if len(password) > LONGEST:
        return (_problem(f"It has more than {LONGEST} characters.", "Choose a shorter one."),)
    if len(set(folded)) < FEWEST_CHARACTERS:
        return (_problem("It repeats the same few characters.", "Choose one that is harder to guess."),)
    if name and folded.replace(name, "").strip("0123456789.@-_ ") == "":
        return (_problem("It is little more than your e-mail address.", "Choose one that is harder to guess."),)
    return ()


def _problem(message: str, fix: str) -> Problem:
    return Problem(PATH, message, Severity.ERROR, fix)


def _normal(password: str) -> str:
    """Accents are typed in more than one way (NIST SP 800-63B, section 3.1.1.2)."""
    return unicodedata.normalize("NFKC", password)
