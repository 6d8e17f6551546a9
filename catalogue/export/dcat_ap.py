"""DCAT-AP 3 as RDF, from lines that were written when the description changed."""

import io
from collections.abc import Iterable, Iterator
from typing import BinaryIO, ClassVar

from catalogue.export import rdf
from catalogue.export.base import Format, Holdings, InRdf, Serialisation, Shortfall, Teller
from catalogue.export.serialisations import SERIALISATIONS
from schemas.crosswalks import dcat


class DcatApFormat(Format):
    """The catalogue with all its datasets, or one dataset alone."""

    name: ClassVar[str] = "dcat-ap"
    label: ClassVar[str] = "DCAT-AP 3"
    serialisations: ClassVar[tuple[Serialisation, ...]] = SERIALISATIONS

    def one(self, holdings: Holdings, serialisation: Serialisation) -> bytes:
        """See `Format.one`."""
        (dataset,) = holdings.in_rdf()
        out = io.BytesIO()
        rdf.write([dataset.lines], serialisation, out)
        return out.getvalue()

    def many(self, holdings: Holdings, serialisation: Serialisation, out: BinaryIO, tell: Teller) -> None:
        """See `Format.many`."""

        def told() -> Iterator[InRdf]:
            for each in holdings.in_rdf():
                tell(Shortfall(each.identifier, each.title, each.missing))
                yield each

        rdf.write(blocks(holdings.catalogue, told()), serialisation, out)


def page(catalogue: dcat.Catalogue, datasets: Iterable[InRdf], part: dcat.Page, serialisation: Serialisation) -> bytes:
    """One page of a catalogue."""
    out = io.BytesIO()
    more = _joined(dcat.page_lines(catalogue.address, part))
    rdf.write(blocks(catalogue, datasets, more), serialisation, out)
    return out.getvalue()


def blocks(catalogue: dcat.Catalogue, datasets: Iterable[InRdf], more: bytes = b"") -> Iterator[bytes]:
    """The catalogue, then each dataset, what they share said once."""
    return rdf.said_once(_blocks(catalogue, datasets, more))


def _blocks(catalogue: dcat.Catalogue, datasets: Iterable[InRdf], more: bytes) -> Iterator[tuple[bytes, bytes]]:
    own = f"<{catalogue.address}>".encode()
    yield own, _joined(dcat.catalogue_lines(catalogue)) + more
    for each in datasets:
        yield f"<{each.url}".encode(), _joined(dcat.entry_lines(catalogue.address, each.url)) + each.lines


def _joined(lines: Iterable[str]) -> bytes:
    return "".join(f"{line}\n" for line in lines).encode()
