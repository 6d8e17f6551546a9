"""Requests to the interface for programs that documents show; tests send each of them."""

from dataclasses import dataclass
from typing import Any

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
    Sample(
        "downloadResults",
        "All of them as a table, under the name that the catalogue gives it",
        f"curl -OJ '{SITE}/search.csv?q=asthma'",
    ),
    Sample("downloadResults", "In full", f"curl '{SITE}/search.json?q=asthma&coverage=Scotland'"),
    Sample("getDataset", "One dataset", f"curl {SITE}/api/v1/datasets/{DATASET}"),
    Sample(
        "getDataset",
        "The same, if it changed",
        f"""curl -H 'If-None-Match: "5f2b9c0e"' {SITE}/api/v1/datasets/{DATASET}""",
    ),
    Sample("listOrganisations", "Every organisation", f"curl {SITE}/api/v1/organisations"),
    Sample("getOrganisation", "One organisation", f"curl {SITE}/api/v1/organisations/{ORGANISATION}"),
)

ANSWER: dict[str, Any] = {
    "total": 1,
    "items": [
        {
            "identifier": DATASET,
            "url": f"{SITE}/datasets/{DATASET}",
            "title": "Asthma clinic letters",
            "custodian": "Fell and Dale Trust",
            "custodian_slug": ORGANISATION,
            "abstract": "Letters of the asthma clinics to general practices, with scores of control.",
            "changed": "2026-03-01T12:00:00+00:00",
            "population_size": 8400,
            "years": {"first": 2009, "last": 2026, "end": "ongoing"},
            "places": ["Wales"],
            "read_from_text": ["population_size"],
            "access": "TRE/SDE",
            "table_count": 2,
            "column_count": 31,
            "quality": {"score": 71, "band": "Silver"},
            "score": 24.1187,
            "snippet": {"text": "Letters of the asthma clinics to general practices", "matches": [[15, 21]]},
            "columns": ["asthma_control_score"],
            "links": {
                "self": f"{SITE}/api/v1/datasets/{DATASET}",
                "page": f"{SITE}/datasets/{DATASET}",
                "custodian": f"{SITE}/api/v1/organisations/{ORGANISATION}",
                "formats": [
                    {
                        "label": "DCAT-AP 3 (Turtle)",
                        "media_type": "text/turtle",
                        "href": f"{SITE}/datasets/{DATASET}.ttl",
                    }
                ],
            },
        }
    ],
    "more": [],
    "next": None,
    "interpretation": {
        "relaxed": False,
        "corrections": {"asthmma": ["asthma"]},
        "synonyms": {},
        "notices": [],
        "suggestions": ["asthma"],
    },
    "links": {
        "self": f"{SITE}/api/v1/datasets?q=asthmma",
        "first": f"{SITE}/api/v1/datasets?q=asthmma",
        "page": f"{SITE}/search?q=asthmma",
    },
    "facets": {"coverage": [{"value": "Wales", "label": "Wales", "count": 1}]},
}
"""What an answer looks like."""
