"""RDF as lines of N-Triples: the names of the vocabularies in use, and terms as such a line writes them.

A term is text as it stands in N-Triples (W3C Recommendation "RDF 1.1 N-Triples"): `<https://...>`, `_:b0`,
`"text"`, `"12"^^<...>`. Lines are what is stored, compared and sent on, so no other form of them is built.
"""

import re
from functools import lru_cache
from typing import Final

from pyoxigraph import NamedNode


class Namespace:
    """The terms of a vocabulary as attributes: `DCT.title` is the address of that property."""

    def __init__(self, address: str) -> None:
        self.address = address

    def __getattr__(self, name: str) -> str:
        if name.startswith("__"):
            raise AttributeError(name)
        # Kept, so that the next time it is found without asking here.
        term: str = self.__dict__.setdefault(name, self.address + name)
        return term


ADMS: Final = Namespace("http://www.w3.org/ns/adms#")
CSVW: Final = Namespace("http://www.w3.org/ns/csvw#")
CV: Final = Namespace("http://data.europa.eu/m8g/")
DCAT: Final = Namespace("http://www.w3.org/ns/dcat#")
DCATAP: Final = Namespace("http://data.europa.eu/r5r/")
DCT: Final = Namespace("http://purl.org/dc/terms/")
DPV: Final = Namespace("https://w3id.org/dpv#")
DQV: Final = Namespace("http://www.w3.org/ns/dqv#")
ELI: Final = Namespace("http://data.europa.eu/eli/ontology#")
FOAF: Final = Namespace("http://xmlns.com/foaf/0.1/")
GEODCATAP: Final = Namespace("http://data.europa.eu/930/")
HEALTH: Final = Namespace("http://healthdataportal.eu/ns/health#")
HYDRA: Final = Namespace("http://www.w3.org/ns/hydra/core#")
OWL: Final = Namespace("http://www.w3.org/2002/07/owl#")
PROV: Final = Namespace("http://www.w3.org/ns/prov#")
RDF: Final = Namespace("http://www.w3.org/1999/02/22-rdf-syntax-ns#")
RDFS: Final = Namespace("http://www.w3.org/2000/01/rdf-schema#")
SCHEMA: Final = Namespace("https://schema.org/")
SCHEMA_HTTP: Final = Namespace("http://schema.org/")
SHACL: Final = Namespace("http://www.w3.org/ns/shacl#")
SKOS: Final = Namespace("http://www.w3.org/2004/02/skos/core#")
TIME: Final = Namespace("http://www.w3.org/2006/time#")
VCARD: Final = Namespace("http://www.w3.org/2006/vcard/ns#")
XSD: Final = Namespace("http://www.w3.org/2001/XMLSchema#")

TYPE: Final = RDF.type

PREFIXES: Final = {
    "adms": ADMS.address,
    "csvw": CSVW.address,
    "cv": CV.address,
    "dcat": DCAT.address,
    "dcatap": DCATAP.address,
    "dct": DCT.address,
    "dpv": DPV.address,
    "dqv": DQV.address,
    "eli": ELI.address,
    "foaf": FOAF.address,
    "geodcatap": GEODCATAP.address,
    "healthdcatap": HEALTH.address,
    "hydra": HYDRA.address,
    "owl": OWL.address,
    "prov": PROV.address,
    "rdf": RDF.address,
    "rdfs": RDFS.address,
    "schema": SCHEMA.address,
    "skos": SKOS.address,
    "time": TIME.address,
    "vcard": VCARD.address,
    "xsd": XSD.address,
}
"""What documents call the vocabularies."""

SCHEMES: Final = frozenset({"doi", "ftp", "http", "https", "mailto", "tel", "urn"})
"""The kinds of address that may become links; `javascript:`, `data:` and `file:` may not."""

LONGEST_ADDRESS: Final = 2000

# Marks that turn the direction of writing are in no address (RFC 3987, section 4.1).
_ADDRESS = re.compile(
    r"([A-Za-z][A-Za-z0-9+.-]{0,30}):[^\x00-\x20<>\"{}|^`\\\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]+"
)
# One character that XML 1.0 or UTF-8 has no form for would make the whole document that holds it unreadable.
_UNSAYABLE = (*range(0x09), 0x0B, 0x0C, *range(0x0E, 0x20), *range(0xD800, 0xE000), 0xFFFE, 0xFFFF)
_WRITTEN = str.maketrans(
    {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r"} | {chr(each): None for each in _UNSAYABLE}
)


def literal(text: str, datatype: str = "") -> str:
    """A literal, without control characters; without a datatype it is plain text, whose language nobody stated."""
    written = f'"{text.translate(_WRITTEN)}"'
    return f"{written}^^<{datatype}>" if datatype else written


def iri(address: str) -> str:
    """The term of an address that is known to be a good one."""
    return f"<{address}>"


def scheme_of(text: str) -> str:
    """The scheme of an address in lower case; empty for anything that is not one."""
    found = _ADDRESS.match(text[: LONGEST_ADDRESS + 1])
    return found[1].lower() if found else ""


@lru_cache(maxsize=10_000)
def link(text: str) -> str | None:
    """The term of an address that may become a link (RFC 3987), or None for any other text.

    One bad address would make the whole document that holds it unreadable.
    """
    if len(text) > LONGEST_ADDRESS or scheme_of(text) not in SCHEMES or _ADDRESS.fullmatch(text) is None:
        return None
    try:
        NamedNode(text)
    except ValueError:
        return None
    return f"<{text}>"


def short(address: str) -> str:
    """`dct:title` for the address of a known vocabulary's term; any other address as it is."""
    for prefix, start in PREFIXES.items():
        if address.startswith(start):
            return f"{prefix}:{address[len(start) :]}"
    return address
