"""The worker of the web server: what it refuses before the application sees it is a problem document too."""

import json
import socket
from typing import Any, Final

from gunicorn import util
from gunicorn.http import message
from gunicorn.http.errors import LimitRequestLine
from gunicorn.workers.gthread import ThreadWorker

LONGEST_REQUEST_LINE: Final = 131_072
"""Bytes of the first line of a request: a search of 10,000 characters fits in, whatever script they are of."""

# Gunicorn reads no more than 8,190, whatever it is told.
message.MAX_REQUEST_LINE = LONGEST_REQUEST_LINE

_PROBLEM: Final = {
    "type": "about:blank",
    "title": "URI Too Long",
    "status": 414,
    "detail": f"The address is longer than {LONGEST_REQUEST_LINE:,} characters. Ask for less at once.",
}


class Worker(ThreadWorker):  # type: ignore[misc]  # Gunicorn has no types
    """Threads that answer requests."""

    def handle_error(self, req: Any, client: socket.socket, addr: Any, exc: Exception) -> None:  # noqa: ANN401 - Gunicorn's
        """Refuse what is no request; who sent an address that is too long, a person or a program, nobody knows."""
        if not isinstance(exc, LimitRequestLine):
            super().handle_error(req, client, addr, exc)
            return
        self.log.warning("A request from %s had too long an address.", addr[0] if addr else "nobody known")
        body = json.dumps(_PROBLEM) + "\n"
        head = "HTTP/1.1 414 URI Too Long\r\nConnection: close\r\nContent-Type: application/problem+json\r\n"
        util.write_nonblock(client, f"{head}Content-Length: {len(body)}\r\n\r\n{body}".encode())
