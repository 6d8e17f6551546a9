"""The page about the interface for programs, made from its description."""

from collections.abc import Iterator, Mapping
from typing import Any

from catalogue.export.results import COLUMNS, LIST_SEPARATOR
from docs.openapi import ABOUT, description
from schemas.api.datasets import LONGEST_TEXT, MOST_PER_PAGE, MOST_VALUES

_PAGES = f"""\
## Pages

`next` of an answer is the cursor of the page after it; `links.next` and the header `Link` (RFC 8288) are its whole
address. The last page has none of them. What that promises:

- As long as the index does not change, the pages hold every result exactly once, to the last.
- When it changes in between, paging goes on. A dataset that is added, withdrawn or changed meanwhile may be missing,
  and for each of those one beside the edge of a page may come twice or be missing. Where the number of results is not
  what it was, `interpretation.notices` says so.
- A cursor belongs to its question and size of page; with another it is refused. It holds the number of a page and
  nothing secret, so it is checked and not signed, and outlives a restart.
- The header is left out where the address is very long, since servers in between refuse long headers.

A download (below) is of one moment and needs no pages.

## Bounds

A question has at most {LONGEST_TEXT:,} characters and {MOST_VALUES} values of facets, a page at most {MOST_PER_PAGE}
items. An address has at most 131,072 characters, which the web server checks before anything else (414).

## Refusals

Every refusal below `/api/` is `application/problem+json`, whatever the request accepts. A parameter that is unknown,
given twice, too long or not understood is refused with 400; all of them are listed in `errors`. The pages for people
leave out what they do not understand and say so; a program would not read that, and take everything for its result.

```
{{
  "type": "https://catalogue.example/api#wrong-parameters",
  "title": "Wrong parameters",
  "status": 400,
  "detail": "2 things are wrong with the parameters.",
  "errors": [
    {{"parameter": "from", "detail": "“soon” is no whole number from 1000 to 2999."}},
    {{"parameter": "custodain", "detail": "There is no such parameter here."}}
  ]
}}
```

A dataset that was withdrawn is 410. One that is known by another identifier now is 301. 405 has `Allow`; 503 has
`Retry-After`.

## Scripts of other sites

Answers carry `Access-Control-Allow-Origin: *` and never allow credentials. Everything here is published, the same for
everybody and read-only, so there is nothing that another site could do in a visitor's name; without it every study
portal would need a proxy of its own. Pages outside `/api/` do not carry it.

## Files

`/search.csv`, `/search.json` and `/search.ttl` take the question of a page of results and give all of it, in its order.
The search is done once; the datasets are then read a hundred at a time while the file is sent, so that memory stays the
same for any number and a slow reader holds no connection to the database. Like the page, they answer every question and
leave out what they do not understand. A dataset that is withdrawn while the file is sent is left out.

- **CSV** is UTF-8 with a byte order mark, without which Excel takes it for another encoding; in Python read it as
  `utf-8-sig`, in R `readr` takes it off. Lists stand in one cell with `{LIST_SEPARATOR.strip()}` between. A cell that
  would begin with `=`, `+`, `-` or `@` has an apostrophe before it, so that no spreadsheet runs it as a formula. Every
  row is one line.
- **JSON** is one array with a line for each dataset, each as `/api/v1/datasets/<identifier>` has it.
- **Turtle** is DCAT-AP 3, the same lines as `/catalog` has ([dcat.md](dcat.md)).

Columns of the table: {", ".join(f"`{each}`" for each in COLUMNS)}. `read_from_text` names facts that the custodian did
not state: they were read from the words of the description.
"""


def interface_page() -> str:
    """Return the page."""
    document = description()
    lines = ["# Interface for programs", "", ABOUT]
    lines += ["An installation describes it at `/api` in words and at `/api/v1/openapi.json` as OpenAPI 3.1.", ""]
    told: set[str] = set()
    for path, methods in document["paths"].items():
        lines += _operation(path, methods["get"], told)
    return "\n".join([*lines, _PAGES])


def _operation(path: str, about: Mapping[str, Any], told: set[str]) -> Iterator[str]:
    yield f"## {about['summary']}"
    yield ""
    yield f"`GET {path}`. {about['responses']['200']['description']}"
    yield ""
    if about.get("description"):
        yield about["description"]
        yield ""
    if new := [each for each in about["parameters"] if each["name"] not in told]:
        yield "| parameter | | may be |"
        yield "|---|---|---|"
        yield from (f"| `{each['name']}` | {each['description']} | {_values(each)} |" for each in new)
        yield ""
    told.update(each["name"] for each in new)
    for sample in about["x-codeSamples"]:
        yield f"{sample['label']}:"
        yield ""
        yield f"```\n{sample['source']}\n```"
        yield ""


def _values(parameter: Mapping[str, Any]) -> str:
    schema = parameter["schema"]
    one = schema.get("items", schema)
    if "enum" in one:
        said = ", ".join(f"`{each}`" for each in one["enum"])
    elif "minimum" in one:
        said = f"{one['minimum']} to {one['maximum']}"
    else:
        said = "text"
    said += ", any number of times" if schema["type"] == "array" else ""
    return said + (f"; usually `{schema['default']}`" if "default" in schema else "")
