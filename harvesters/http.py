"""The one client that fetches from outside: every address a harvester is given, or finds in a feed, goes through it."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from types import TracebackType
from typing import Final, Self
from urllib.parse import urljoin

import requests
import tenacity
import urllib3
from requests_hardened import Config, HTTPSession
from requests_hardened.ip_filter import InvalidIPAddress
from urllib3.exceptions import HTTPError
from urllib3.util import Url

from harvesters.addresses import origin_of, parsed, shown
from harvesters.attempts import PassingError, Waits, late, refused, within
from harvesters.errors import FetchError

USER_AGENT: Final = "health-dataset-catalogue"
CHUNK: Final = 64 * 1024
REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})


@dataclass(frozen=True, slots=True)
class Limits:
    """What one fetch may take at most; `seconds` counts everything, waits and further attempts included."""

    size: int = 200 * 1024 * 1024
    seconds: float = 600.0
    connect_seconds: float = 15.0
    read_seconds: float = 60.0
    redirects: int = 5
    attempts: int = 4
    longest_wait: float = 120.0


@dataclass(frozen=True, slots=True)
class Fetched:
    """An answer. `url` is where it came from after redirects; `data` is empty when the content has not changed."""

    url: str
    status: int
    data: bytes
    media_type: str
    etag: str | None = None
    last_modified: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def not_modified(self) -> bool:
        return self.status == HTTPStatus.NOT_MODIFIED


class GuardedClient:
    """Fetches over http(s) from public addresses, within limits.

    Addresses are checked when the connection is made, on every redirect, and the checked one is used
    (requests-hardened), so that a name cannot change its address in between. `private_hosts` may have
    private and loopback addresses; a redirect from them to any other private host is refused all the same.
    One client serves one run and one thread.
    """

    def __init__(
        self,
        *,
        private_hosts: frozenset[str] = frozenset(),
        limits: Limits | None = None,
        user_agent: str = USER_AGENT,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._limits = limits or Limits()
        self._private_hosts = private_hosts
        self._sleep = sleep
        self._guarded = self._session(user_agent, guarded=True)
        self._private = self._session(user_agent, guarded=False)

    @classmethod
    def for_source(cls, url: str, *, allow_private: bool, limits: Limits | None = None) -> Self:
        """Return a client for a source; `allow_private` lets the source's own host have a private address."""
        host = parsed(url).host or ""
        return cls(private_hosts=frozenset({host.casefold()}) if allow_private else frozenset(), limits=limits)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Give the connections back."""
        self._guarded.close()
        self._private.close()

    def get(
        self,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        etag: str | None = None,
        last_modified: str | None = None,
    ) -> Fetched:
        """Fetch an address, asking only for what changed when `etag` or `last_modified` is given.

        `headers` may hold credentials: they are sent to the address's own origin and nowhere else.
        Raises `FetchError`.
        """
        asked = {"If-None-Match": etag, "If-Modified-Since": last_modified}
        conditions = {name: value for name, value in asked.items() if value}
        deadline = time.monotonic() + self._limits.seconds
        attempts = tenacity.Retrying(
            stop=tenacity.stop_after_attempt(self._limits.attempts),
            retry=tenacity.retry_if_exception_type(PassingError),
            wait=Waits(),
            before_sleep=lambda state: self._refuse_long_wait(state, deadline),
            sleep=self._sleep,
            reraise=True,
        )
        return attempts(self._attempt, url, dict(headers or {}), conditions, deadline)

    def _session(self, user_agent: str, *, guarded: bool) -> HTTPSession:
        session = HTTPSession(
            Config(
                ip_filter_enable=guarded,
                ip_filter_allow_loopback_ips=False,
                never_redirect=True,
                default_timeout=(self._limits.connect_seconds, self._limits.read_seconds),
                user_agent_override=user_agent,
            )
        )
        # Proxies and passwords from the environment would lead past the guard.
        session.trust_env = False
        session.headers["Accept-Encoding"] = "gzip, deflate"
        return session

    def _refuse_long_wait(self, state: tenacity.RetryCallState, deadline: float) -> None:
        error = state.outcome.exception() if state.outcome else None
        wait = state.upcoming_sleep
        if isinstance(error, PassingError) and wait > min(self._limits.longest_wait, deadline - time.monotonic()):
            message = f"{error.problem.message} The next try is due in {wait:,.0f} seconds, longer than a run waits."
            raise FetchError(message, "Harvest the source less often, or later.", status=error.status)

    def _attempt(self, url: str, headers: dict[str, str], conditions: dict[str, str], deadline: float) -> Fetched:
        return within(deadline, url, lambda: self._follow(url, headers, conditions, deadline))

    def _follow(self, url: str, headers: dict[str, str], conditions: dict[str, str], deadline: float) -> Fetched:
        """Go from redirect to redirect by hand, since each hop is checked and loses the credentials of another's."""
        origin = origin_of(parsed(url))
        for _ in range(self._limits.redirects + 1):
            place = parsed(url)
            sent = conditions | (headers if origin_of(place) == origin else {})
            with self._send(url, place, sent) as response:
                target = response.headers.get("Location")
                if response.status_code not in REDIRECTS or target is None:
                    return self._answer(response, url, deadline, is_conditional=bool(conditions))
            url = urljoin(url, target)
        raise FetchError(
            f"{shown(url)} redirects more than {self._limits.redirects} times.", "Use the address it ends at."
        )

    def _send(self, url: str, place: Url, headers: dict[str, str]) -> requests.Response:
        is_private = (place.host or "").casefold() in self._private_hosts
        session: requests.Session = self._private if is_private else self._guarded
        try:
            return session.get(url, headers=headers, stream=True)
        except InvalidIPAddress as error:
            raise FetchError(
                f"{shown(url)} is at a private address, which is not fetched from.",
                "An operator can allow it for this source with the option allow_private=true.",
            ) from error
        except requests.exceptions.SSLError as error:
            message = f"{shown(url)} has no valid certificate, or does not speak TLS."
            raise FetchError(message, "The certificate must be valid for the host name.") from error
        except requests.exceptions.Timeout as error:
            raise PassingError(f"{shown(url)} did not answer in time.") from error
        except requests.exceptions.ConnectionError as error:
            raise PassingError(f"{shown(url)} cannot be reached.") from error
        except (requests.RequestException, HTTPError, ValueError) as error:
            raise FetchError(f"{shown(url)} cannot be fetched: {type(error).__name__}.") from error

    def _answer(self, response: requests.Response, url: str, deadline: float, *, is_conditional: bool) -> Fetched:
        status = response.status_code
        is_unchanged = is_conditional and status == HTTPStatus.NOT_MODIFIED
        if not is_unchanged and status != HTTPStatus.OK:
            raise refused(response, url)
        return Fetched(
            url=url,
            status=status,
            data=b"" if is_unchanged else self._body(response, url, deadline),
            media_type=response.headers.get("Content-Type", "").partition(";")[0].strip().casefold(),
            etag=response.headers.get("ETag"),
            last_modified=response.headers.get("Last-Modified"),
            headers=dict(response.headers),
        )

    def _body(self, response: requests.Response, url: str, deadline: float) -> bytes:
        raw: urllib3.HTTPResponse = response.raw
        parts, size = [], 0
        try:
            while part := raw.read1(CHUNK, decode_content=True):
                parts.append(part)
                size += len(part)
                if size > self._limits.size:
                    raise FetchError(
                        f"{shown(url)} sends more than {self._limits.size:,} bytes.", "Split it into several files."
                    )
                if time.monotonic() > deadline:
                    raise late(url)
        except (HTTPError, OSError) as error:
            raise PassingError(f"{shown(url)} broke off after {size:,} bytes.") from error
        declared = response.headers.get("Content-Length", "")
        if declared.isdecimal() and raw.tell() < int(declared):
            raise PassingError(f"{shown(url)} broke off after {raw.tell():,} of {int(declared):,} bytes.")
        return b"".join(parts)
