"""The resource `datasets`: a question, its answer in pages, and one dataset in full."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from marshmallow import Schema, ValidationError, fields, validates_schema

from schemas.api.parameters import Alternatives, Choice, Text, WholeNumber

LONGEST_TEXT: Final = 1_000
"""Characters of a question: a page of words. What is longer was not written to find anything."""
LONGEST_CURSOR: Final = 200
MOST_VALUES: Final = 50
"""Values of facets in one question."""
PER_PAGE, MOST_PER_PAGE = 25, 100
FIRST_YEAR, LAST_YEAR = 1000, 2999
NOT_STATED: Final = "not-stated"


@dataclass(frozen=True, slots=True)
class FacetParameter:
    """A facet as a parameter: the name of the parameter, its label, and its values where there are only some."""

    name: str
    label: str
    choices: tuple[str, ...] = ()


class Asked(Schema):
    """What any question may have; `question` adds the facets and orders."""

    q = Text(
        longest=LONGEST_TEXT,
        load_default="",
        metadata={"description": "Words, as people type them. Nothing finds everything."},
    )
    first_year = WholeNumber(
        FIRST_YEAR,
        LAST_YEAR,
        data_key="from",
        load_default=None,
        metadata={"description": "Only datasets that cover this year or a later one."},
    )
    last_year = WholeNumber(
        FIRST_YEAR,
        LAST_YEAR,
        data_key="to",
        load_default=None,
        metadata={"description": "Only datasets that cover this year or an earlier one."},
    )
    exact = Choice(
        ("no", "yes"),
        metadata={"description": "`yes` searches the words as typed: all of them, no synonyms, no other spellings."},
    )
    facets = Choice(("yes", "no"), metadata={"description": "`no` leaves out the facets with their counts."})
    per_page = WholeNumber(
        1, MOST_PER_PAGE, load_default=PER_PAGE, metadata={"description": "The most items on a page."}
    )
    cursor = Text(
        longest=LONGEST_CURSOR,
        load_default="",
        metadata={"description": "`next` of a page, for the page after it. All other parameters stay as they were."},
    )

    @validates_schema(skip_on_field_errors=False)
    def _years_in_order(self, data: Mapping[str, Any], **_kwargs: Any) -> None:
        first, last = data.get("first_year"), data.get("last_year")
        if first is not None and last is not None and first > last:
            raise ValidationError(f"The year {first} is after {last}, which “to” says.", "from")

    @validates_schema(skip_on_field_errors=False)
    def _few_values(self, data: Mapping[str, Any], **_kwargs: Any) -> None:
        facets = [name for name, field in self.fields.items() if isinstance(field, Alternatives)]
        chosen = {name: len(data.get(name, ())) for name in facets}
        if sum(chosen.values()) > MOST_VALUES:
            largest = max(chosen, key=lambda name: chosen[name])
            raise ValidationError(f"{sum(chosen.values())} values of facets are given; {MOST_VALUES} may be.", largest)


def question(facets: Iterable[FacetParameter], sorts: Iterable[str]) -> type[Schema]:
    """The parameters of a question with these facets and orders, the usual order first."""
    parts: dict[str, Any] = {
        each.name: Alternatives(
            (*each.choices, NOT_STATED) if each.choices else (),
            load_default=(),
            metadata={"description": f"{each.label}: datasets with any of these values."},
        )
        for each in facets
    }
    parts["sort"] = Choice(sorts, metadata={"description": "The order. Equals are in the order of their identifiers."})
    return Asked.from_dict(parts, name="Question")


class FormatLink(Schema):
    """A form in which a dataset can be had."""

    label = fields.String(required=True, metadata={"example": "DCAT-AP 3 (Turtle)"})
    media_type = fields.String(required=True, metadata={"example": "text/turtle"})
    href = fields.Url(required=True)


class DatasetLinks(Schema):
    """Where more is told about a dataset."""

    self = fields.Url(required=True, metadata={"description": "The dataset in full, in this interface."})
    page = fields.Url(required=True, metadata={"description": "The page for people. It stands for the dataset."})
    custodian = fields.Url(required=True, metadata={"description": "The custodian, in this interface."})
    formats = fields.List(fields.Nested(FormatLink), required=True)


class Years(Schema):
    """The period that a dataset covers."""

    first = fields.Integer(required=True)
    last = fields.Integer(required=True)
    end = fields.String(
        required=True,
        metadata={"enum": ["stated", "ongoing", "unknown"], "description": "Whether the last year is the end."},
    )


class Quality(Schema):
    """How complete and right a description is."""

    score = fields.Integer(required=True, metadata={"minimum": 0, "maximum": 100})
    band = fields.String(required=True)


class Snippet(Schema):
    """A piece of the description. `matches` are pairs of places in `text`: first and after last, in characters."""

    text = fields.String(required=True)
    matches = fields.List(
        fields.List(fields.Integer(), metadata={"minItems": 2, "maxItems": 2}),
        required=True,
        metadata={"description": "Where words matched: first and after last character, in Unicode code points."},
    )


class DatasetItem(Schema):
    """A dataset in a list of results. What nobody stated is `null` or empty."""

    identifier = fields.String(required=True)
    url = fields.Url(required=True, metadata={"description": "The address that stands for the dataset."})
    title = fields.String(required=True)
    custodian = fields.String(required=True)
    custodian_slug = fields.String(required=True, metadata={"description": "Its value of the facet `custodian`."})
    abstract = fields.String(required=True)
    changed = fields.AwareDateTime(attribute="changed_at", required=True)
    population_size = fields.Integer(required=True, allow_none=True)
    years = fields.Nested(Years, required=True, allow_none=True)
    places = fields.List(fields.String(), required=True)
    read_from_text = fields.List(
        fields.String(),
        attribute="read",
        required=True,
        metadata={
            "description": "Which of `population_size`, `years` and `places` the custodian did not state: they were "
            "read from the words of the description."
        },
    )
    access = fields.String(required=True, allow_none=True, metadata={"description": "How the data are reached."})
    table_count = fields.Integer(required=True)
    column_count = fields.Integer(required=True)
    quality = fields.Nested(Quality, required=True)
    score = fields.Float(required=True, metadata={"description": "Comparable within one answer only."})
    snippet = fields.Nested(Snippet, required=True, allow_none=True)
    columns = fields.List(fields.String(), required=True, metadata={"description": "Names of columns that matched."})
    links = fields.Nested(DatasetLinks, required=True)


class FacetValue(Schema):
    """A value to narrow down by, with the number of results if it were the only one chosen in its facet."""

    value = fields.String(required=True)
    label = fields.String(required=True)
    count = fields.Integer(required=True)


class Interpretation(Schema):
    """What the search made of the words."""

    relaxed = fields.Boolean(
        required=True, metadata={"description": "No dataset has all of the words, so those with any are listed."}
    )
    corrections = fields.Dict(
        fields.String(),
        fields.List(fields.String()),
        required=True,
        metadata={"description": "Words that occur nowhere, with the words that were searched instead."},
    )
    synonyms = fields.Dict(
        fields.String(),
        fields.List(fields.String()),
        required=True,
        metadata={"description": "Words with the others that were searched as well."},
    )
    notices = fields.List(fields.String(), required=True, metadata={"description": "What else there is to know."})
    suggestions = fields.List(
        fields.String(), required=True, metadata={"description": "Questions that may have been meant."}
    )


class PageLinks(Schema):
    """Other pages of the same question."""

    self = fields.Url(required=True)
    first = fields.Url(required=True)
    next = fields.Url()
    page = fields.Url(required=True, metadata={"description": "The question on the site, for people."})


class DatasetList(Schema):
    """A page of results."""

    total = fields.Integer(required=True, metadata={"description": "Results on all pages."})
    items = fields.List(fields.Nested(DatasetItem), required=True)
    more = fields.List(
        fields.Nested(DatasetItem),
        required=True,
        metadata={"description": "When hardly any dataset has all words, the closest of the others. Not in `total`."},
    )
    next = fields.String(
        required=True, allow_none=True, metadata={"description": "The cursor of the next page; `null` on the last."}
    )
    facets = fields.Dict(
        fields.String(),
        fields.List(fields.Nested(FacetValue)),
        metadata={"description": "Every facet with all values that results have."},
    )
    interpretation = fields.Nested(Interpretation, required=True)
    links = fields.Nested(PageLinks, required=True)


class Entry(Schema):
    """What the catalogue adds to a description."""

    identifier = fields.String(required=True)
    url = fields.Url(required=True, metadata={"description": "The address that stands for the dataset."})
    custodian = fields.String(required=True)
    custodian_slug = fields.String(required=True)
    published = fields.AwareDateTime(required=True)
    changed = fields.AwareDateTime(required=True)
    version = fields.Integer(required=True, metadata={"description": "Counted by the catalogue, from one."})
    quality = fields.Nested(Quality, required=True)
    links = fields.Nested(DatasetLinks, required=True)
