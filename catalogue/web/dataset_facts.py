"""The facts of a dataset's page: which there are, in which section, and how each is shown."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any
from urllib.parse import urlencode

from markupsafe import Markup

from catalogue.web import wording
from catalogue.web.contacts import contact_of
from catalogue.web.prose import LINK, linked, prose
from catalogue.web.wording import day, number, sentence
from schemas.metadata import AccessBody, Basis, BasisKind, DataService, DatasetType, Description, Distribution
from schemas.metadata.codec import camel
from schemas.vocabularies import field_label, vocabulary

Show = Callable[[Any], Markup]
ITEM = Markup("<li>{}</li>")
SHORT = 32
"""Characters of a value that can stand in a row with others."""
LIST = Markup('<ul class="catalogue-values">{}</ul>')


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact as it is shown; `basis` says how it came to be known when its source did not state it."""

    label: str
    html: Markup
    basis: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A field of the description, by its attributes. One that is `expected` is missed when it is not stated."""

    attribute: str
    show: Show
    is_expected: bool = True

    @property
    def path(self) -> str:
        """The field's path, as problems and bases name it."""
        return path_of(self.attribute)

    def of(self, description: Description) -> Any:  # noqa: ANN401 - any field
        """What the description says in this field."""
        return attrgetter(self.attribute)(description)


def path_of(attribute: str) -> str:
    """`summary.population_size` as `summary.populationSize`."""
    return ".".join(camel(part) for part in attribute.split("."))


def facts(description: Description, rows: Sequence[Row], bases: Mapping[str, Basis]) -> tuple[Fact, ...]:
    """The rows of which something is stated."""
    found = ((row, row.of(description)) for row in rows)
    return tuple(
        Fact(field_label(row.path), row.show(value), basis_note(row.path, bases))
        for row, value in found
        if is_stated(value)
    )


def is_stated(value: object) -> bool:
    """Whether a field says something."""
    return value not in (None, "", ())


def bases_by_path(description: Description) -> dict[str, Basis]:
    """Why facts are believed, by their path without positions in lists."""
    return {basis.path.partition("[")[0]: basis for basis in description.bases}


def basis_note(path: str, bases: Mapping[str, Basis]) -> str:
    """How the fact at the path, or the section that it is in, came to be known; empty when its source states it."""
    parts = path.split(".")
    for end in range(len(parts), 0, -1):
        basis = bases.get(".".join(parts[:end]))
        if basis is not None and basis.kind is not BasisKind.STATED:
            return _note(basis)
    return ""


def _note(basis: Basis) -> str:
    match basis.kind:
        case BasisKind.INFERRED:
            return f"Inferred from “{basis.evidence}”" if basis.evidence else "Inferred"
        case BasisKind.FILLED:
            return f"Filled in from {basis.source}" if basis.source else "Filled in from another source"
        case BasisKind.CONFIRMED:
            return f"Confirmed by {basis.by}" if basis.by else "Confirmed"
    return ""


def values(items: Iterable[object]) -> Markup:
    """Values in a row when they are short, else one a line."""
    texts = [str(item) for item in items]
    if all(len(each) <= SHORT and "," not in each for each in texts):
        return linked(", ".join(texts))
    shown = [linked(each) for each in texts]
    return shown[0] if len(shown) == 1 else LIST.format(Markup().join(ITEM.format(item) for item in shown))


def text(value: object) -> Markup:
    """Text of any length."""
    return prose(sentence(str(value)))


def word(value: object) -> Markup:
    """A value of a code list, or what stands in its place."""
    return linked(sentence(str(value)))


def moment(value: object) -> Markup:
    """A date."""
    return Markup.escape(day(value))


def count(value: float) -> Markup:
    """A number."""
    return Markup.escape(number(value))


def yes_or_no(value: bool) -> Markup:
    """Whether something is so."""
    return Markup.escape("Yes" if value else "No")


def coded(name: str) -> Show:
    """Values of a code list in words."""

    def show(items: Sequence[str] | str) -> Markup:
        codes = (items,) if isinstance(items, str) else items
        return values(wording.coded(name, code) for code in codes)

    return show


def coded_links(name: str, facet: str) -> Show:
    """Values of a code list in words, each leading to the datasets that state it too."""

    def show(items: Sequence[str] | str) -> Markup:
        codes = (items,) if isinstance(items, str) else items
        known = vocabulary(name)
        return LIST.format(
            Markup().join(
                ITEM.format(_search_link({facet: known.find(code) or code}, wording.coded(name, code)))
                for code in codes
            )
        )

    return show


def code_links(items: Iterable[str]) -> Markup:
    """Names of code systems, each leading to the datasets that say it too."""
    shown = (_search_link({"q": 'code:"' + item.replace('"', " ") + '"'}, item) for item in items)
    return LIST.format(Markup().join(map(ITEM.format, shown)))


def _search_link(parameters: Mapping[str, str], text: str) -> Markup:
    link = Markup('<a class="govuk-link" href="/search?{}" rel="nofollow">{}</a>')
    return link.format(urlencode(parameters), text)


def publications(items: Iterable[str]) -> Markup:
    """DOIs as links, anything else as it was written."""
    shown = [LINK.format(f"https://doi.org/{item}", item) if is_doi(item) else linked(item) for item in items]
    return LIST.format(Markup().join(ITEM.format(item) for item in shown))


def doi(value: str) -> Markup:
    """One DOI."""
    return LINK.format(f"https://doi.org/{value}", value) if is_doi(value) else linked(value)


def is_doi(value: str) -> bool:
    """Whether the text is a bare DOI."""
    return value.startswith("10.") and "/" in value and not set(value) & set(' \t\n<>"')


def data_types(items: Iterable[DatasetType]) -> Markup:
    """Types with their sub-types."""
    named = [(wording.coded("dataset-type", item.name or ""), item.sub_types) for item in items]
    shown = [Markup("{}: {}").format(name, ", ".join(inner)) if inner else Markup.escape(name) for name, inner in named]
    return LIST.format(Markup().join(ITEM.format(item) for item in shown))


def body(value: AccessBody) -> Markup:
    """Somebody to turn to: name, mail address, web address."""
    contacts = (contact_of(each) for each in (value.email, value.url))
    links = [LINK.format(each.href, each.text) if each.href else Markup.escape(each.text) for each in contacts if each]
    return Markup(", ").join([Markup.escape(value.name)] * bool(value.name) + links)


def distributions(items: Iterable[Distribution]) -> Markup:
    """Forms in which the data are given out."""
    return LIST.format(Markup().join(ITEM.format(_distribution(item)) for item in items))


def services(items: Iterable[DataService]) -> Markup:
    """Services that give access to the data."""
    shown = (Markup(" ").join(linked(part) for part in (item.title, item.endpoint_url) if part) for item in items)
    return LIST.format(Markup().join(ITEM.format(item) for item in shown))


def _distribution(item: Distribution) -> Markup:
    parts = [item.title, item.format or item.media_type, item.licence, item.download_url or item.access_url]
    return Markup(", ").join(linked(part) for part in parts if part)
