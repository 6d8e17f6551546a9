"""The address of an OpenSearch server, as the setting `CATALOGUE_SEARCH_URL` has it.

    opensearchs://user:password@search.example.org:9200/catalogue?replicas=1&ca=/etc/ssl/search.pem
    opensearch://127.0.0.1:9200/catalogue

`opensearchs` is spoken over TLS, `opensearch` is not. Several hosts are separated by commas. What follows the slash
begins the names of all indices.
"""

import re
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, unquote

SCHEMES = {"opensearch": False, "opensearchs": True}
PORT = 9200
TIMEOUT = 10.0
"""Seconds that a search may take."""

_ADDRESS = re.compile(
    r"(?P<scheme>[a-z]+)://(?:(?P<login>[^/?#]*)@)?(?P<hosts>[^/?#@]+)/(?P<prefix>[^/?#]+)(?:\?(?P<options>[^#]*))?"
)
_HOST = re.compile(r"(?P<name>\[[0-9a-f:.]+\]|[a-z0-9.-]+)(?::(?P<port>[0-9]{1,5}))?", re.IGNORECASE)
_PREFIX = re.compile(r"[a-z0-9][a-z0-9_-]{0,49}")
_NUMBERS = {"shards": range(1, 101), "replicas": range(11), "timeout": range(1, 601)}
_SHAPE = "must be like opensearchs://user:password@host:9200/prefix"


class WrongAddress(ValueError):
    """A sentence about an address, without the password in it."""


@dataclass(frozen=True, slots=True)
class OpenSearchAddress:
    """Where the server is, who asks it, and how the indices are laid out. `timeout` is in seconds."""

    hosts: tuple[tuple[str, int], ...]
    prefix: str
    uses_tls: bool = False
    user: str = ""
    password: str = field(default="", repr=False)
    ca_file: str = ""
    """Certificates that the server's is checked against; empty means those that the client brings."""
    shards: int = 1
    replicas: int = 1
    timeout: float = TIMEOUT

    def __str__(self) -> str:
        """The address as it may be shown and logged."""
        hosts = ",".join(f"{name}:{port}" for name, port in self.hosts)
        return f"opensearch{'s' if self.uses_tls else ''}://{hosts}/{self.prefix}"


def parse_address(url: str) -> OpenSearchAddress:
    """Read an address. Raises `WrongAddress`."""
    found = _ADDRESS.fullmatch(url)
    if not found or found["scheme"] not in SCHEMES:
        raise WrongAddress(_SHAPE)
    if not _PREFIX.fullmatch(found["prefix"]):
        raise WrongAddress("must end in a short name in lower case, which all indices begin with")
    options = dict(parse_qsl(found["options"] or "", keep_blank_values=True))
    unknown = options.keys() - {*_NUMBERS, "ca"}
    if unknown:
        raise WrongAddress("knows the options shards, replicas, timeout and ca only")
    user, _, password = (found["login"] or "").partition(":")
    numbers = {name: _number(name, options[name]) for name in _NUMBERS if name in options}
    return OpenSearchAddress(
        hosts=tuple(_host(host) for host in found["hosts"].split(",")),
        prefix=found["prefix"],
        uses_tls=SCHEMES[found["scheme"]],
        user=unquote(user),
        password=unquote(password),
        ca_file=options.get("ca", ""),
        shards=numbers.get("shards", 1),
        replicas=numbers.get("replicas", 1),
        timeout=float(numbers.get("timeout", TIMEOUT)),
    )


def _host(text: str) -> tuple[str, int]:
    found = _HOST.fullmatch(text)
    port = int(found["port"] or PORT) if found else 0
    if not found or not 0 < port < 1 << 16:
        raise WrongAddress(_SHAPE)
    return found["name"].strip("[]"), port


def _number(name: str, text: str) -> int:
    allowed = _NUMBERS[name]
    if not (text.isascii() and text.isdigit() and len(text) < 5 and int(text) in allowed):  # noqa: PLR2004 - no larger one is allowed
        raise WrongAddress(f"must have a number from {allowed[0]} to {allowed[-1]} for {name}")
    return int(text)
