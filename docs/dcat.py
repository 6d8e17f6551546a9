"""The page about DCAT, made from the table that writes and reads it."""

from schemas.crosswalks import dcat
from schemas.crosswalks.rdf_terms import PREFIXES
from schemas.vocabularies import field_label

_BEFORE = """\
# DCAT-AP

The catalogue gives every description out as DCAT-AP 3 and takes DCAT in, by the one table below
(`schemas/crosswalks/dcat_table.py`). A field that has a place is written there and read from there; a description that
goes out and comes back says the same. What DCAT-AP leaves open is taken from the vocabularies beside it: HealthDCAT-AP
Release 8, CSVW, the Data Privacy Vocabulary, PROV, FOAF and vCard.

## For other portals

The catalogue is one DCAT catalogue in pages of 100 datasets. Examples have `https://catalogue.example` for its address.

| address | what |
|---|---|
| `/catalog.ttl`, `.jsonld`, `.rdf`, `.nt` | the whole catalogue; `?page=2` and so on, to `hydra:last` |
| `/catalog` | the same in the form that `Accept` prefers; browsers are sent to the search |
| `/catalog.ttl?custodian=NAME` | what one organisation has; NAME is the last part of the address of its page |
| `/organisations/NAME/catalog.ttl` | the same as a catalogue of its own |
| `/datasets/IDENTIFIER.ttl`, `.jsonld`, `.rdf`, `.nt` | one dataset; its address without a suffix negotiates |

Each page names the others by full addresses, on a `hydra:PartialCollectionView`: `hydra:first`, `hydra:previous`,
`hydra:next` and `hydra:last`. `hydra:totalItems` of the catalogue is the number on all pages. Datasets keep their
order, and new ones come last. Each page has an `ETag`; asked with `If-None-Match`, a page that says the same answers
304. A page behind the last answers 404, a form that is not offered 406, a withdrawn dataset 410.

With curl, one page, one page only if it changed, and one dataset:

```
curl https://catalogue.example/catalog.ttl
curl -H 'Accept: application/ld+json' 'https://catalogue.example/catalog?page=2'
curl --etag-save page1.etag --etag-compare page1.etag -o page1.ttl https://catalogue.example/catalog.ttl
curl -H 'Accept: text/turtle' https://catalogue.example/datasets/IDENTIFIER
```

All pages as N-Triples, which can be put one behind the other since no node is blank:

```
next=https://catalogue.example/catalog.nt
while [ -n "$next" ]; do
  curl -sSf "$next" > page.nt || exit 1
  cat page.nt >> all.nt
  next=$(grep 'hydra/core#next>' page.nt | cut -d '<' -f 4 | cut -d '>' -f 1)
done
```

### CKAN

CKAN needs ckanext-harvest and ckanext-dcat, and in its settings

```
ckan.plugins = ... harvest dcat dcat_rdf_harvester
```

Add a harvest source of the type "Generic DCAT RDF Harvester" with the address `https://catalogue.example/catalog.ttl`,
in the browser or with

```
ckan harvester source create health https://catalogue.example/catalog.ttl dcat_rdf Health True ORGANISATION DAILY
```

It follows the pages, knows each dataset by its address, and removes those that are no longer on any page. ckanext-dcat
2.4.4 reads all of it so, with its profile `euro_dcat_ap_3`; versions older than October 2024 find the next page by the
name `hydra:PagedCollection`, which the views have as well. One organisation's catalogue makes a source of its own.

## Harvesting other portals

Another catalogue, a portal or a FAIR Data Point's document is a source of the kind `dcat`:

```
catalogue sources add --organisation example-trust --kind dcat --url https://portal.example/catalog.ttl
catalogue sources preview 1
catalogue harvest run 1
```

| option | meaning |
|---|---|
| `--aggregator` | it carries datasets of several custodians, each named by its publisher |
| `--option most_pages=50` | pages that are read at most; 1,000 if not given |
| `--option auth=bearer --option secret_env=HARVEST_PORTAL` | a token, from the environment |
| `--option allow_private=true` | a portal on your own network |

Files are harvested with `catalogue harvest file all.ttl --kind dcat --organisation example-trust`, packed ones and
folders too. For a portal of CKAN with ckanext-dcat, the address is `https://portal.example/catalog.ttl`. What
incomplete feeds, withdrawals and conflicts lead to is the same as for every source: [Sources](sources.md).

## How it is written

- Every node has an address: the dataset's own, or one below it (`#contact`, `#table-2-column-5`). There are no blank
  nodes, so documents can be joined, and the same description always makes the same lines.
- Texts have no language tag, since descriptions do not state their language.
- Nothing is said about what is described elsewhere, but of which class it is: words about an organisation or another
  dataset stand on a node of the description's own.
- Where words mean something that an authority has an address for, both are written, and the words say
  `skos:exactMatch` of the address. Reading then takes the words. So it is with places, standards and code lists.
- `dct:publisher` is the organisation in this catalogue, the same for all its datasets; `geodcatap:custodian` is the
  custodian in the words of the description.
- `dcat:theme` is always Health. `dcat:landingPage` is the page about the dataset, and stands for the access address
  of files without one (DCAT 3, section 6.8.1).
- Tables stand on the dataset, not on a file: `healthdcatap:hasVariables`, a `csvw:TableGroup` of `csvw:Table` of
  `csvw:Column`, as HealthDCAT-AP Release 8 has them. A description of tables is no file that can be had.
- An access level that nobody stated follows from what is stated: RESTRICTED from a secure environment, a time to
  access, conditions or limits on use; PUBLIC from open access. The statement that it follows from says
  `skos:closeMatch` of it, and it is not read as stated.

## How it is read

- Turtle, RDF/XML, N-Triples, N-Quads, TriG and JSON-LD. A DOCTYPE is refused before any parser sees it. JSON-LD
  contexts are never fetched; those of schema.org and DCAT-AP are known.
- A dataset is known by its address, compared character by character, else by `dct:identifier`.
- Of several texts the first in English counts, then the first without a language.
- What no line of the table reads is kept as supplied and shown on the dataset's page.

## Fields

| field | label | place in RDF | direction | how |
|---|---|---|---|---|
"""


def dcat_page() -> str:
    """Return the table of all fields, those without a place at the end."""
    mapped = list(dcat.mapped())
    placed = [
        f"| `{each.path}` | {field_label(each.path)} | {_code(each.place)} | {each.direction} | {each.how} |"
        for each in mapped
        if each.place
    ]
    written = [f"| {_code(each.place)} | {each.direction} | {each.how} |" for each in dcat.ONLY_WRITTEN]
    without = [f"| `{each.path}` | {field_label(each.path)} | {each.how} |" for each in mapped if not each.place]
    prefixes = [f"| `{prefix}` | `{address}` |" for prefix, address in PREFIXES.items()]
    return "\n".join(
        [
            _BEFORE + "\n".join(placed),
            "",
            "## Said of every dataset",
            "",
            "No field states this, so it is not read as stated.",
            "",
            "| place in RDF | direction | how |",
            "|---|---|---|",
            *written,
            "",
            "## Without a place",
            "",
            "These go out as HDR UK 4.0.0 only, or not at all.",
            "",
            "| field | label | why |",
            "|---|---|---|",
            *without,
            "",
            "## Prefixes",
            "",
            "| prefix | address |",
            "|---|---|",
            *prefixes,
            "",
        ]
    )


def _code(place: str) -> str:
    return " ".join(f"`{word}`" if ":" in word.strip("()") else word for word in place.split(" "))
