"""HDR UK 4.0.0 as JSON: one document, or a bulk file `{"count", "dataModels": [...]}` as the Gateway publishes."""

import json
from collections.abc import Iterable, Iterator
from typing import BinaryIO, ClassVar

from catalogue.export.base import Exportable, Format, Shortfall
from schemas.crosswalks import hdruk


class HdrukFormat(Format):
    """What is not known is not written (DECISIONS 17)."""

    name: ClassVar[str] = "hdruk"
    label: ClassVar[str] = "HDR UK 4.0.0 (JSON)"
    media_type: ClassVar[str] = "application/json"
    suffix: ClassVar[str] = "json"

    def one(self, dataset: Exportable) -> bytes:
        """See `Format.one`."""
        return json.dumps(hdruk.write(dataset.description).document, ensure_ascii=False, indent=2).encode()

    def many(self, datasets: Iterable[Exportable], out: BinaryIO) -> Iterator[Shortfall]:
        """See `Format.many`. The count stands at the end, since it is known only then."""
        out.write(b'{"dataModels": [')
        count = 0
        for dataset in datasets:
            writing = hdruk.write(dataset.description)
            out.write(b",\n" if count else b"\n")
            out.write(json.dumps(writing.document, ensure_ascii=False).encode())
            count += 1
            yield Shortfall(dataset.identifier, dataset.description.summary.title or "", writing.missing)
        out.write(f'\n], "count": {count}}}\n'.encode())
