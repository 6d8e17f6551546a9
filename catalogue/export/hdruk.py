"""HDR UK 4.0.0 as JSON: one document, or a bulk file `{"count", "dataModels": [...]}` as the Gateway publishes."""

import json
from typing import BinaryIO, ClassVar

from catalogue.export.base import Format, Holdings, Serialisation, Shortfall, Teller
from schemas.crosswalks import hdruk


class HdrukFormat(Format):
    """What is not known is not written (ADR 4)."""

    name: ClassVar[str] = "hdruk"
    label: ClassVar[str] = "HDR UK 4.0.0"
    serialisations: ClassVar[tuple[Serialisation, ...]] = (Serialisation("json", "JSON", "application/json", "json"),)

    def one(self, holdings: Holdings, serialisation: Serialisation) -> bytes:  # noqa: ARG002 - there is one only
        """See `Format.one`."""
        (dataset,) = holdings.described()
        return json.dumps(hdruk.write(dataset.description).document, ensure_ascii=False, indent=2).encode()

    def many(
        self,
        holdings: Holdings,
        serialisation: Serialisation,  # noqa: ARG002 - there is one only
        out: BinaryIO,
        tell: Teller,
    ) -> None:
        """See `Format.many`. The count stands at the end, since it is known only then."""
        out.write(b'{"dataModels": [')
        count = 0
        for dataset in holdings.described():
            writing = hdruk.write(dataset.description)
            out.write(b",\n" if count else b"\n")
            out.write(json.dumps(writing.document, ensure_ascii=False).encode())
            count += 1
            tell(Shortfall(dataset.identifier, dataset.description.summary.title or "", writing.missing))
        out.write(f'\n], "count": {count}}}\n'.encode())
