"""Requests to the interface for programs that documents show; tests send each of them."""

from dataclasses import dataclass

SITE = "https://catalogue.example"
DATASET = "ea313c5e-4ba5-4a9e-9b5c-2f6f3a7e4c11"
ORGANISATION = "fell-and-dale-trust"


@dataclass(frozen=True, slots=True)
class Sample:
    """A command that sends a request, and the operation of the interface that answers it."""

    operation: str
    label: str
    source: str


SAMPLES = (
    Sample("searchDatasets", "Datasets about asthma", f"curl '{SITE}/api/v1/datasets?q=asthma'"),
    Sample(
        "searchDatasets",
        "In Wales or Scotland, covering 2010 to 2020, the newest change first",
        f"curl '{SITE}/api/v1/datasets?coverage=Wales&coverage=Scotland&from=2010&to=2020&sort=changed'",
    ),
    Sample(
        "searchDatasets",
        "Everything, a hundred at a time, without counts; `next` of each page is the `cursor` of the next",
        f"curl '{SITE}/api/v1/datasets?per_page=100&facets=no'",
    ),
    Sample("getDataset", "One dataset", f"curl {SITE}/api/v1/datasets/{DATASET}"),
    Sample(
        "getDataset",
        "The same, if it changed",
        f"""curl -H 'If-None-Match: "5f2b9c0e"' {SITE}/api/v1/datasets/{DATASET}""",
    ),
    Sample("listOrganisations", "Every organisation", f"curl {SITE}/api/v1/organisations"),
    Sample("getOrganisation", "One organisation", f"curl {SITE}/api/v1/organisations/{ORGANISATION}"),
)
