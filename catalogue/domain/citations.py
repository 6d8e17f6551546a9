"""How to cite a dataset: as text, as BibTeX and as RIS."""

import unicodedata
from dataclasses import dataclass
from datetime import datetime

from schemas.metadata import Description

_BIBTEX = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "{": r"\{",
        "}": r"\}",
        "$": r"\$",
        "&": r"\&",
        "%": r"\%",
        "#": r"\#",
        "_": r"\_",
        "^": r"\textasciicircum{}",
        "~": r"\textasciitilde{}",
    }
)
LONGEST_KEY_WORD = 24


@dataclass(frozen=True, slots=True)
class Citation:
    """The same citation in three forms; `credit` is the text that the custodian asks to be included."""

    text: str
    bibtex: str
    ris: str
    credit: str


def citation(
    description: Description, *, custodian: str, url: str, catalogue: str, published_at: datetime, read_at: datetime
) -> Citation:
    """Cite the dataset by its DOI when it has one, else by its address in the catalogue."""
    title = _line(description.summary.title or "Untitled dataset")
    version = _line(description.version or "")
    year = _year(description, published_at)
    doi = _doi(description.summary.doi_name)
    address = f"https://doi.org/{doi}" if doi else url
    read_on = f"{read_at.day} {read_at:%B %Y}"
    numbered = f" (version {version})" if version else ""
    text = f"{_line(custodian)} ({year}). {title}{numbered} [data set]. {_line(catalogue)}. {address} (read {read_on})."
    return Citation(
        text=text,
        bibtex=_bibtex(title, version, custodian, year, address, doi, catalogue, read_at),
        ris=_ris(title, version, custodian, year, address, doi, catalogue, read_at),
        credit="\n".join(description.accessibility.usage.resource_creator),
    )


def _bibtex(
    title: str, version: str, custodian: str, year: int, address: str, doi: str, catalogue: str, read_at: datetime
) -> str:
    fields = {
        "author": f"{{{_escaped(custodian)}}}",
        "title": f"{{{_escaped(title)}}}",
        "year": str(year),
        "version": _escaped(version),
        "publisher": _escaped(catalogue),
        "doi": doi,
        "url": address,
        "urldate": f"{read_at:%Y-%m-%d}",
    }
    lines = [f"  {name} = {{{value}}}" for name, value in fields.items() if value]
    return "\n".join([f"@misc{{{_key(custodian, title, year)},", ",\n".join(lines), "}"])


def _ris(
    title: str, version: str, custodian: str, year: int, address: str, doi: str, catalogue: str, read_at: datetime
) -> str:
    tags = [
        ("TY", "DATA"),
        ("AU", _line(custodian)),
        ("TI", title),
        ("PY", str(year)),
        ("ET", version),
        ("PB", _line(catalogue)),
        ("DO", doi),
        ("UR", address),
        ("Y2", f"{read_at:%Y/%m/%d}"),
        ("ER", ""),
    ]
    return "\n".join(f"{tag}  - {value}" for tag, value in tags if value or tag == "ER")


def _key(custodian: str, title: str, year: int) -> str:
    words = [_letters(custodian), str(year), _letters(title)]
    return "-".join(word for word in words if word)


def _letters(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return "".join(letter for letter in plain if letter.isalnum())[:LONGEST_KEY_WORD]


def _escaped(text: str) -> str:
    return _line(text).translate(_BIBTEX)


def _line(text: str) -> str:
    return " ".join(text.split())


def _doi(stated: str | None) -> str:
    """The bare DOI of what a source wrote; empty for anything else."""
    text = (stated or "").strip()
    for prefix in ("https://doi.org/", "http://doi.org/", "https://dx.doi.org/", "http://dx.doi.org/", "doi:"):
        if text.lower().startswith(prefix):
            text = text[len(prefix) :].strip()
    is_doi = text.startswith("10.") and "/" in text and not set(text) & set(' \t\n<>{}"')
    return text if is_doi else ""


def _year(description: Description, published_at: datetime) -> int:
    for stated in (description.modified, description.issued):
        year = (stated or "")[:4]
        if len(year) == 4 and year.isascii() and year.isdecimal():  # noqa: PLR2004 - the digits of a year
            return int(year)
    return published_at.year
