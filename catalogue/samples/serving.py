"""Serves the samples' feeds over loopback, so that they are harvested the way any feed is."""

import threading
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Self


class FeedServer:
    """A web server on a free loopback port, with what was published to it and nothing else."""

    def __init__(self) -> None:
        self._pages: dict[str, Path] = {}
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Handler, self._pages))
        self._thread = threading.Thread(target=self._server.serve_forever, name="sample feeds", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def publish(self, name: str, path: Path) -> str:
        """Answer `/<name>.json` with this file from now on; the whole address."""
        self._pages[f"/{name}.json"] = path
        return f"http://127.0.0.1:{self._server.server_port}/{name}.json"


class _Handler(BaseHTTPRequestHandler):
    def __init__(self, pages: dict[str, Path], *args: object) -> None:
        self._pages = pages
        super().__init__(*args)  # type: ignore[arg-type]

    def do_GET(self) -> None:
        path = self._pages.get(self.path)
        if path is None:
            self.send_error(404)
            return
        data = path.read_bytes()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_details: object) -> None:
        """Say nothing: the harvest tells what it took."""
