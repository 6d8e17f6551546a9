"""A custodian's server, written from HDR UK's contract alone, that can also be made to lie."""

import hmac
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from harvesters.base import Origin
from harvesters.hdruk import HdrukHarvester
from harvesters.http import GuardedClient, Limits

Answer = Callable[[Request], Response]
QUICK = Limits(size=200_000, seconds=20, attempts=3, longest_wait=30)


@dataclass
class Custodian:
    """Lists its documents and sends them one by one; `broken` answers in the place of documents, by identifier.

    `page_size` makes it heed limit and offset; without it a list is always whole, whatever is asked.
    """

    server: HTTPServer
    documents: dict[str, dict[str, Any]] = field(default_factory=dict)
    auth: str = "none"
    secret: str = ""
    page_size: int = 0
    listed: dict[str, dict[str, Any]] = field(default_factory=dict)
    broken: dict[str, Answer] = field(default_factory=dict)
    change_list: Callable[[dict[str, Any]], object] = lambda answer: answer
    asked: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.server.expect_request(re.compile("/custodian/.*")).respond_with_handler(self.answer)

    @property
    def url(self) -> str:
        return self.server.url_for("/custodian")

    def describe(self, *documents: dict[str, Any]) -> None:
        self.documents.update({each["identifier"]: each for each in documents})

    def harvester(self, limits: Limits = QUICK, **options: Any) -> HdrukHarvester:
        """A harvester of this server that waits for nothing."""
        host = self.server.host
        client = GuardedClient(private_hosts=frozenset({host}), limits=limits, sleep=lambda _seconds: None)
        return HdrukHarvester.from_source(Origin(url=self.url), {"datasets": "/datasets", **options}, client)

    def answer(self, request: Request) -> Response:
        path = request.path.removeprefix("/custodian")
        self.asked.append(request.full_path.removeprefix("/custodian").rstrip("?"))
        if not self._may_see(request):
            return Response('{"message": "Who are you?"}', 401, content_type="application/json")
        if path == "/datasets":
            return _json(self.change_list(self._list(request)))
        identifier = path.removeprefix("/datasets/")
        if identifier in self.broken:
            return self.broken[identifier](request)
        found = self.documents.get(identifier)
        return _json(found) if found else Response('{"message": "No such dataset"}', 404)

    def _may_see(self, request: Request) -> bool:
        given = {
            "none": self.secret,
            "api_key": request.headers.get("apikey", ""),
            "bearer": request.headers.get("Authorization", "").removeprefix("Bearer "),
        }
        return hmac.compare_digest(given[self.auth], self.secret)

    def _list(self, request: Request) -> dict[str, Any]:
        limit = int(request.args.get("limit", 0)) or self.page_size if self.page_size else 0
        offset = int(request.args.get("offset", 0)) if self.page_size else 0
        names = list(self.documents)
        shown = names[offset : offset + limit] if limit else names
        query = {"q": "", "total": len(names), "limit": limit, "offset": offset}
        return {"query": query, "items": [self._item(name) for name in shown]}

    def _item(self, name: str) -> dict[str, Any]:
        document = self.documents[name]
        return {
            "@schema": "https://schemas.example/hdruk/4.0.0/schema.json",
            "type": "dataset",
            "persistentId": name,
            "name": str(document["summary"]["title"])[:80],
            "description": str(document["summary"]["abstract"])[:255],
            "version": document["version"],
            "self": f"{self.url}/datasets/{name}",
            "issued": document["issued"],
            "modified": document["modified"],
            "source": "Harbour Trust",
            **self.listed.get(name, {}),
        }


def _json(value: object) -> Response:
    return Response(json.dumps(value), content_type="application/json")
