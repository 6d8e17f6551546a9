"""Talks to an OpenSearch server: with time limits, again after a short while when that may help, in our errors."""

import json
import random
import time
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, TypeAlias

from opensearchpy import OpenSearch
from opensearchpy.exceptions import (
    AuthenticationException,
    AuthorizationException,
    ConflictError,
    ConnectionTimeout,
    NotFoundError,
    OpenSearchException,
    TransportError,
)
from opensearchpy.exceptions import ConnectionError as NoConnection
from tenacity import Retrying, retry_if_exception, stop_after_attempt, wait_random_exponential

from catalogue.search.backend import IndexUnavailable
from catalogue.search.opensearch.address import OpenSearchAddress

Body: TypeAlias = dict[str, Any]
Action: TypeAlias = tuple[Body, Body | None]

ATTEMPTS = 4
WAIT, LONGEST_WAIT = 0.1, 5.0
"""Seconds to wait after the first failure, about, and after any; the real time is random below a doubling bound."""
WRITE_TIMEOUT = 120.0
MERGE_TIMEOUT = 3600.0
BULK_BYTES = 5_000_000
BULK_ACTIONS = 1_000
SCROLL = "2m"
"""How long the server remembers where a long reading is."""
MANY_SEARCHES = 200
"""Searches that are sent together."""

_TOO_BUSY = frozenset({429, 502, 503, 504})
_MISSING, _CONFLICT = 404, 409

LONGEST_REASON = 300


class ServerUnavailable(IndexUnavailable):
    """The search server cannot be used; the database is unharmed."""

    def __init__(self, address: OpenSearchAddress, reason: str) -> None:
        Exception.__init__(self, f"The search server {address} cannot be used: {reason}")


class NoIndex(Exception):
    """There is no index of that name on the server."""


class Taken(Exception):
    """A document was there already, or has changed since it was read."""


class Connection:
    """A server, as far as the catalogue uses it. Threads may share it."""

    def __init__(self, address: OpenSearchAddress) -> None:
        if address.ca_file and not Path(address.ca_file).is_file():
            raise ServerUnavailable(address, f"there is no file of certificates at {address.ca_file}.")
        self.address = address
        self._client = OpenSearch(
            hosts=[{"host": name, "port": port} for name, port in address.hosts],
            http_auth=(address.user, address.password) if address.user else None,
            use_ssl=address.uses_tls,
            verify_certs=address.uses_tls,
            ca_certs=address.ca_file or None,
            http_compress=True,
            timeout=address.timeout,
            max_retries=0,
        )

    def search(self, index: str, body: Body) -> Body:
        """Answer one search completely, or raise."""
        parameters = {"allow_partial_search_results": "false"}
        answer: Body = self._call(lambda: self._client.search(index=index, body=body, params=parameters))
        return answer

    def search_many(self, index: str, bodies: Sequence[Body]) -> list[Body]:
        """Answer many small searches completely, or raise."""
        answers: list[Body] = []
        for first in range(0, len(bodies), MANY_SEARCHES):
            lines = [
                line
                for body in bodies[first : first + MANY_SEARCHES]
                for line in ({"index": index, "allow_partial_search_results": False}, body)
            ]
            answers += self._msearch(lines)
        for answer in answers:
            if "error" in answer:
                if answer.get("status") == _MISSING:
                    raise NoIndex(index)
                raise self._refused(answer["error"], answer.get("status", 0))
        return answers

    def search_through(self, index: str, body: Body) -> Generator[list[Body], None, None]:
        """Everything that a search finds as it is now, a page of hits at a time, whatever changes meanwhile."""
        parameters = {"allow_partial_search_results": "false", "scroll": SCROLL}
        answer = self._call(lambda: self._client.search(index=index, body=body, params=parameters))
        try:
            while hits := answer["hits"]["hits"]:
                yield hits
                going = {"scroll_id": answer["_scroll_id"], "scroll": SCROLL}
                answer = self._call(partial(self._client.scroll, body=going))
        finally:
            ended = {"scroll_id": [answer["_scroll_id"]]}
            self._call(lambda: self._client.clear_scroll(body=ended))

    def _msearch(self, lines: list[Body]) -> list[Body]:
        answers: list[Body] = self._call(lambda: self._client.msearch(body=lines))["responses"]
        return answers

    def write(self, actions: Iterable[Action], *, may_exist: bool = False) -> None:
        """Send changes in pieces: the line that says what to do, and the document if there is one.

        What the server is too busy for is sent again. Raises `ServerUnavailable` at the end of the piece in which it
        refused a change; the others of the piece are done. With `may_exist` documents to create that are there stay.
        """
        for piece in _pieces(actions):
            left = piece
            for attempt in range(1, ATTEMPTS + 1):
                left = self._write(left, may_exist=may_exist)
                if not left:
                    break
                if attempt == ATTEMPTS:
                    raise ServerUnavailable(self.address, "it is too busy to take changes; try again later.")
                # By chance, so that writers that were turned away together do not come again together.
                time.sleep(random.uniform(0, min(LONGEST_WAIT, WAIT * 10**attempt)))  # noqa: S311 - no secret

    def _write(self, actions: Sequence[Action], *, may_exist: bool) -> list[Action]:
        """The changes that the server was too busy for."""
        lines = [line for action in actions for line in action if line is not None]
        answer = self._call(lambda: self._client.bulk(body=lines, params={"request_timeout": WRITE_TIMEOUT}))
        again, refused = [], []
        for action, item in zip(actions, answer["items"], strict=True):
            ((kind, outcome),) = item.items()
            status = outcome["status"]
            if status in _TOO_BUSY:
                again.append(action)
            elif "error" in outcome and not (kind == "create" and status == _CONFLICT and may_exist):
                refused.append(f"{outcome.get('_id', '?')}: {_reason(outcome['error'])}")
        if refused:
            said = f"it refused {len(refused)} of {len(actions)} changes; the first is {refused[0]}."
            raise ServerUnavailable(self.address, said)
        return again

    def get(self, index: str, identifier: str) -> Body:
        """A document with what tells whether it has changed. Raises `NoIndex` when there is none."""
        answer: Body = self._call(lambda: self._client.get(index=index, id=identifier))
        return answer

    def put(self, index: str, identifier: str, document: Body, **conditions: object) -> Body:
        """Write one document at once. Raises `Taken` when the conditions do not hold."""
        answer: Body = self._call(
            lambda: self._client.index(index=index, id=identifier, body=document, params=dict(conditions))
        )
        return answer

    def delete(self, index: str, identifier: str, **conditions: object) -> None:
        """Delete one document. Raises `Taken` when the conditions do not hold, `NoIndex` when it is not there."""
        self._call(lambda: self._client.delete(index=index, id=identifier, params=dict(conditions)))

    def refresh(self, *indices: str) -> None:
        """Let searches see what was written."""
        self._call(lambda: self._client.indices.refresh(index=",".join(indices)))

    def merge(self, *indices: str) -> None:
        """Remove what was deleted from the files of indices."""
        parameters = {"only_expunge_deletes": "true", "request_timeout": MERGE_TIMEOUT}
        self._call(lambda: self._client.indices.forcemerge(index=",".join(indices), params=parameters))

    def put_template(self, name: str, body: Body) -> None:
        """Write an index template."""
        self._call(lambda: self._client.indices.put_index_template(name=name, body=body))

    def create_index(self, name: str) -> None:
        """Make an index; a template says how."""
        self._call(lambda: self._client.indices.create(index=name, params={"request_timeout": WRITE_TIMEOUT}))

    def delete_indices(self, names: Sequence[str]) -> None:
        """Delete indices; those that are not there are no mistake."""
        if names:
            parameters = {"ignore_unavailable": "true"}
            self._call(lambda: self._client.indices.delete(index=",".join(names), params=parameters))

    def indices(self, pattern: str) -> dict[str, frozenset[str]]:
        """The names of indices that a pattern fits, with their aliases."""
        try:
            answer = self._call(lambda: self._client.indices.get_alias(index=pattern))
        except NoIndex:
            return {}
        return {name: frozenset(each["aliases"]) for name, each in answer.items()}

    def change_aliases(self, actions: Sequence[Body]) -> None:
        """Change aliases, all at once."""
        self._call(lambda: self._client.indices.update_aliases(body={"actions": list(actions)}))

    def _call(self, ask: Callable[[], Any]) -> Any:  # noqa: ANN401 - what the client answers
        """Ask, a few times if need be; what goes wrong in the end becomes one of our errors."""
        try:
            return _RETRYING.copy()(ask)
        except NotFoundError as error:
            raise NoIndex(str(error.info)) from error
        except ConflictError as error:
            raise Taken from error
        except (AuthenticationException, AuthorizationException) as error:
            said = "it does not accept the user and password, or they may not do this; see docs/opensearch.md."
            raise ServerUnavailable(self.address, said) from error
        except ConnectionTimeout as error:
            raise ServerUnavailable(self.address, "it does not answer in time.") from error
        except NoConnection as error:
            raise ServerUnavailable(self.address, "it cannot be reached.") from error
        except TransportError as error:
            raise self._refused(error.info, error.status_code) from error
        except (OpenSearchException, ValueError) as error:
            raise ServerUnavailable(self.address, "it answers like no OpenSearch server.") from error

    def _refused(self, info: object, status: object) -> ServerUnavailable:
        found = info.get("error", info) if isinstance(info, Mapping) else info
        return ServerUnavailable(self.address, f"it refused a request ({status}, {_reason(found)}).")


def _passes(error: BaseException) -> bool:
    """Whether the same may go well a moment later. What took too long once is not asked again."""
    if isinstance(error, ConnectionTimeout):
        return False
    return isinstance(error, NoConnection) or (isinstance(error, TransportError) and error.status_code in _TOO_BUSY)


_RETRYING = Retrying(
    stop=stop_after_attempt(ATTEMPTS),
    wait=wait_random_exponential(multiplier=WAIT, max=LONGEST_WAIT),
    retry=retry_if_exception(_passes),
    reraise=True,
)


def _reason(error: object) -> str:
    """What the server says is wrong, in one short line."""
    if isinstance(error, Mapping):
        causes = error.get("root_cause") or ()
        first = causes[0] if causes and isinstance(causes[0], Mapping) else error
        error = f"{first.get('type', '')}: {first.get('reason', '')}"
    return " ".join(str(error).split())[:LONGEST_REASON]


def _pieces(actions: Iterable[Action]) -> Iterator[list[Action]]:
    """As many changes as are sent together."""
    piece: list[Action] = []
    size = 0
    for action in actions:
        piece.append(action)
        size += sum(len(json.dumps(line)) for line in action if line is not None)
        if size >= BULK_BYTES or len(piece) >= BULK_ACTIONS:
            yield piece
            piece, size = [], 0
    if piece:
        yield piece
