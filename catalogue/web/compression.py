"""Sends text compressed to whoever takes it, for installations without a proxy that does."""

import gzip

from flask import Flask, Response, request

SMALLEST = 1400
"""Bytes that fit one packet gain nothing by being fewer."""
LEVEL = 5
TYPES = frozenset(
    {
        "application/json",
        "application/ld+json",
        "application/n-triples",
        "application/rdf+xml",
        "application/xml",
        "text/html",
        "text/plain",
        "text/turtle",
    }
)


def install(app: Flask) -> None:
    """Compress what is worth it. Installed before all other parts, it sees what they have said of an answer."""
    app.after_request(_compressed)


def _compressed(response: Response) -> Response:
    if response.mimetype not in TYPES or response.is_streamed or response.direct_passthrough:
        return response
    response.vary.add("Accept-Encoding")
    if "Content-Encoding" in response.headers or response.status_code == 304:  # noqa: PLR2004 - not modified
        return response
    # A page of one person may hold a secret beside what the address repeats: its length must not tell.
    if response.cache_control.no_store or response.cache_control.private:
        return response
    data = response.get_data()
    if len(data) < SMALLEST or request.accept_encodings.quality("gzip") <= 0:
        return response
    response.set_data(gzip.compress(data, LEVEL, mtime=0))
    response.headers["Content-Encoding"] = "gzip"
    etag, _ = response.get_etag()
    if etag:
        # Other bytes, same meaning (RFC 9110, section 8.8.1).
        response.set_etag(etag, weak=True)
    return response
