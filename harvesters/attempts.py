"""Trying again what may pass, as the server asks for it, and giving up in time."""

import queue
import time
from collections.abc import Callable
from datetime import UTC
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from threading import Thread
from typing import Final, TypeVar

import requests
import tenacity

from harvesters.addresses import shown
from harvesters.errors import FetchError

PASSING: Final = frozenset({429, 500, 502, 503, 504})
"""Answers that another attempt may change."""

Result = TypeVar("Result")


class PassingError(FetchError):
    """A failure that may pass; `wait` is what the server asked for, in seconds."""

    def __init__(self, message: str, *, status: int | None = None, wait: float | None = None) -> None:
        super().__init__(message, "Nothing need be done if the next run succeeds.", status=status)
        self.wait = wait


class Waits(tenacity.wait.wait_base):
    """What the server asks for, else one, two, four seconds with some chance, so that runs do not fall into step."""

    _backoff = tenacity.wait_exponential(multiplier=1, max=60) + tenacity.wait_random(0, 1)

    def __call__(self, retry_state: tenacity.RetryCallState) -> float:
        error = retry_state.outcome.exception() if retry_state.outcome else None
        if isinstance(error, PassingError) and error.wait is not None:
            return error.wait
        return self._backoff(retry_state)


def within(deadline: float, url: str, work: Callable[[], Result]) -> Result:
    """Do the work in a thread of its own and leave it behind at the deadline.

    A server that sends its headers, or a name server its answer, byte by byte can hold a blocking call for
    ever: every byte starts the socket's timeout anew. The thread is a daemon, so it cannot hold the process.
    """
    results: queue.SimpleQueue[Result | Exception] = queue.SimpleQueue()

    def run() -> None:
        try:
            results.put(work())
        except Exception as error:  # noqa: BLE001 - handed to the caller's thread, where it is raised
            results.put(error)

    Thread(target=run, daemon=True).start()
    try:
        result = results.get(timeout=max(0.0, deadline - time.monotonic()))
    except queue.Empty:
        raise late(url) from None
    if isinstance(result, Exception):
        raise result
    return result


def late(url: str) -> FetchError:
    """What is said of an address that takes longer than the deadline."""
    return FetchError(f"{shown(url)} takes longer than a run waits.", "Ask the source's operator what is slow.")


def refused(response: requests.Response, url: str) -> FetchError:
    """What is said of an answer that is no success; a `PassingError` where another attempt may change it."""
    status = response.status_code
    name = HTTPStatus(status).phrase.lower() if status in set(HTTPStatus) else "unknown"
    message = f"{shown(url)} answered {status} ({name})."
    if status in PASSING:
        return PassingError(message, status=status, wait=_retry_after(response.headers.get("Retry-After")))
    fixes = {401: "It asks for a key or a sign-in.", 403: "It asks for a key, or does not let the catalogue in."}
    return FetchError(message, fixes.get(status, "Check the address of the source."), status=status)


def _retry_after(value: str | None) -> float | None:
    """Seconds from a `Retry-After` header: a number, or a date (RFC 9110, section 10.2.3)."""
    if value is None:
        return None
    if value.strip().isdecimal():
        return float(value.strip()[:9])
    try:
        moment = parsedate_to_datetime(value)
    except ValueError:
        return None
    return max(0.0, moment.replace(tzinfo=moment.tzinfo or UTC).timestamp() - time.time())
