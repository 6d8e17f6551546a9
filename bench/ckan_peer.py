"""Read a Turtle document with ckanext-dcat and map its datasets; to be run by a Python that has it.

    python bench/ckan_peer.py FILE

Prints how many datasets there were and the seconds that parsing and mapping took, without those of the start.
"""

import sys
import time
import warnings

warnings.simplefilter("ignore")

from ckanext.dcat.processors import RDFParser  # noqa: E402 - it warns while it is imported


def main() -> None:
    """Parse and map, as its harvester does in its first stage."""
    with open(sys.argv[1], encoding="utf-8") as file:  # noqa: PTH123 - the plain way of any Python
        document = file.read()
    began = time.perf_counter()
    parser = RDFParser(profiles=["euro_dcat_ap_3"])
    parser.parse(document, _format="turtle")
    datasets = sum(1 for _ in parser.datasets())
    print(datasets, time.perf_counter() - began)


if __name__ == "__main__":
    main()
