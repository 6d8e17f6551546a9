"""What HDR UK 4.0.0 requires of a document, and in which form (its JSON Schema, as facts)."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from schemas.crosswalks.dates import DateForm, read_date
from schemas.crosswalks.identifiers import is_uuid
from schemas.crosswalks.text import JsonValue
from schemas.metadata import CONTINUOUS, Problem, Severity
from schemas.vocabularies import field_label, vocabulary

_EMAIL = re.compile(r"[^\s@]{1,64}@[^\s@.]{1,63}(?:\.[^\s@.]{1,63}){1,8}")
_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]{1,30}:[^\s]{1,2000}")
_DOI = re.compile(r"10\.[0-9]{4,9}/[-._;()/:a-zA-Z0-9]+")
_SEMANTIC_VERSION = re.compile(r"[0-9]+\.[0-9]+\.[0-9]+")
_JURISDICTION = re.compile(r"[A-Z]{2}(?:-[A-Z]{2,3})?")
_FULL_DATE = 10


class Need(Enum):
    """When a field must be there: always, when its section is there, or never."""

    ALWAYS = "always"
    WITH_SECTION = "with its section"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class Form:
    """What a value must look like, and the words for it."""

    words: str
    fits: Callable[[Any], bool]


@dataclass(frozen=True, slots=True)
class Demand:
    """A field by the names on its way (`[]` behind a name: of every entry), and what is asked of it."""

    steps: tuple[str, ...]
    need: Need
    form: Form | None

    @property
    def path(self) -> str:
        """The field's path without list positions."""
        return ".".join(self.steps).replace("[]", "")


def _length(least: int, greatest: int) -> Form:
    words = f"text of {least} to {greatest:,} characters"
    return Form(words, lambda value: isinstance(value, str) and least <= len(value) <= greatest)


def _pattern(words: str, pattern: re.Pattern[str]) -> Form:
    return Form(words, lambda value: isinstance(value, str) and pattern.fullmatch(value) is not None)


def _code(name: str) -> Form:
    return Form("a value of the list", lambda value: value in vocabulary(name))


def _is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_date(value: object) -> bool:
    return (
        isinstance(value, str)
        and len(value) >= _FULL_DATE
        and read_date(value, order=None, latest_year=None).form is DateForm.ISO
    )


_WHOLE = Form("a whole number", _is_whole)
_DATE = Form("a full date", _is_date)
_END = Form("a full date", lambda value: value == CONTINUOUS or _is_date(value))
_EMAILS = _pattern("an e-mail address", _EMAIL)
_ADDRESSES = _pattern("a web address", _ADDRESS)
_DOIS = _pattern("a DOI", _DOI)
_VERSION = _pattern("three numbers with dots", _SEMANTIC_VERSION)
_NAME, _LONG, _WIDE = _length(2, 150), _length(2, 10_000), _length(2, 50_000)
_IDENTIFIER = Form(
    "a UUID or web address",
    lambda value: isinstance(value, str) and (is_uuid(value) or _ADDRESS.fullmatch(value) is not None),
)
_CUSTODIAN = Form(
    "a number, or text of 2 to 50 characters",
    lambda value: _is_whole(value) or (isinstance(value, str) and 2 <= len(value) <= 50),  # noqa: PLR2004 - HDR UK's
)

_ALWAYS, _WITH, _NEVER = Need.ALWAYS, Need.WITH_SECTION, Need.NEVER
_TABLE = "structuralMetadata.tables[]"
_COLUMN = f"{_TABLE}.columns[]"

DEMANDS: tuple[Demand, ...] = tuple(
    Demand(tuple(path.split(".")), need, form)
    for path, need, form in (
        ("identifier", _ALWAYS, _IDENTIFIER),
        ("version", _ALWAYS, _VERSION),
        ("revisions[].version", _WITH, _VERSION),
        ("revisions[].url", _NEVER, _ADDRESSES),
        ("issued", _ALWAYS, _DATE),
        ("modified", _ALWAYS, _DATE),
        ("summary.title", _ALWAYS, _NAME),
        ("summary.abstract", _ALWAYS, _length(5, 500)),
        ("summary.dataCustodian.identifier", _ALWAYS, _CUSTODIAN),
        ("summary.dataCustodian.name", _ALWAYS, _NAME),
        ("summary.dataCustodian.logo", _NEVER, _ADDRESSES),
        ("summary.dataCustodian.description", _NEVER, _LONG),
        ("summary.dataCustodian.contactPoint", _ALWAYS, _EMAILS),
        ("summary.dataCustodian.memberOf", _NEVER, _code("membership")),
        ("summary.populationSize", _ALWAYS, _WHOLE),
        ("summary.keywords", _NEVER, _NAME),
        ("summary.doiName", _NEVER, _DOIS),
        ("summary.contactPoint", _ALWAYS, _EMAILS),
        ("summary.datasetAliases", _NEVER, _length(2, 1000)),
        ("documentation.description", _WITH, _LONG),
        ("documentation.associatedMedia", _NEVER, _ADDRESSES),
        ("documentation.inPipeline", _NEVER, _code("pipeline")),
        ("coverage.spatial", _WITH, None),
        ("coverage.datasetCompleteness", _NEVER, _ADDRESSES),
        ("coverage.materialType", _NEVER, _code("material-type")),
        ("coverage.followUp", _NEVER, _code("follow-up")),
        ("coverage.pathway", _NEVER, _LONG),
        ("provenance.origin.purpose", _NEVER, _code("purpose")),
        ("provenance.origin.datasetType", _WITH, None),
        ("provenance.origin.datasetType[].name", _NEVER, _code("dataset-type")),
        ("provenance.origin.datasetType[].subTypes", _NEVER, _code("dataset-sub-type")),
        ("provenance.origin.source", _NEVER, _code("source")),
        ("provenance.origin.collectionSource", _NEVER, _code("collection-source")),
        ("provenance.origin.imageContrast", _NEVER, _code("image-contrast")),
        ("provenance.temporal", _WITH, None),
        ("provenance.temporal.publishingFrequency", _WITH, _code("publishing-frequency")),
        ("provenance.temporal.distributionReleaseDate", _NEVER, _DATE),
        ("provenance.temporal.startDate", _WITH, _DATE),
        ("provenance.temporal.endDate", _NEVER, _END),
        ("provenance.temporal.timeLag", _WITH, _code("time-lag")),
        ("accessibility.usage.dataUseLimitation", _NEVER, _code("data-use-limitation")),
        ("accessibility.usage.dataUseRequirements", _NEVER, _code("data-use-requirements")),
        ("accessibility.usage.resourceCreator", _NEVER, _length(2, 1000)),
        ("accessibility.access.accessRights", _ALWAYS, _WIDE),
        ("accessibility.access.accessServiceCategory", _NEVER, _code("access-service-category")),
        ("accessibility.access.accessService", _NEVER, _WIDE),
        ("accessibility.access.accessRequestCost", _NEVER, _WIDE),
        ("accessibility.access.deliveryLeadTime", _NEVER, _code("delivery-lead-time")),
        ("accessibility.access.jurisdiction", _NEVER, _pattern("an ISO 3166 code", _JURISDICTION)),
        ("accessibility.access.dataController", _NEVER, _WIDE),
        ("accessibility.access.dataProcessor", _NEVER, _WIDE),
        ("accessibility.formatAndStandards.vocabularyEncodingScheme", _WITH, _code("vocabulary-encoding-scheme")),
        ("accessibility.formatAndStandards.conformsTo", _WITH, _code("conforms-to")),
        ("accessibility.formatAndStandards.language", _WITH, _code("language")),
        ("accessibility.formatAndStandards.format", _WITH, None),
        *(
            (f"enrichmentAndLinkage.{relation}[].{name}", _NEVER, form)
            for relation in ("derivedFrom", "isPartOf", "linkableDatasets", "similarToDatasets")
            for name, form in (("pid", _NAME), ("title", _NAME), ("url", _ADDRESSES))
        ),
        ("enrichmentAndLinkage.investigations", _NEVER, _ADDRESSES),
        ("enrichmentAndLinkage.tools", _NEVER, _ADDRESSES),
        ("enrichmentAndLinkage.publicationAboutDataset", _NEVER, _DOIS),
        ("enrichmentAndLinkage.publicationUsingDataset", _NEVER, _DOIS),
        ("observations", _ALWAYS, None),
        ("observations[].observedNode", _WITH, _code("observed-node")),
        ("observations[].measuredValue", _WITH, _WHOLE),
        ("observations[].disambiguatingDescription", _NEVER, _length(5, 500)),
        ("observations[].observationDate", _WITH, _DATE),
        ("observations[].measuredProperty", _WITH, None),
        (f"{_TABLE}.name", _NEVER, _length(1, 500)),
        (f"{_TABLE}.description", _NEVER, _length(1, 20_000)),
        (f"{_TABLE}.columns", _WITH, None),
        (f"{_COLUMN}.name", _WITH, None),
        (f"{_COLUMN}.dataType", _WITH, None),
        (f"{_COLUMN}.description", _NEVER, _length(1, 20_000)),
        (f"{_COLUMN}.sensitive", _WITH, None),
        (f"{_COLUMN}.values[].name", _WITH, None),
        (f"{_COLUMN}.values[].description", _NEVER, _length(1, 20_000)),
        ("structuralMetadata.syntheticDataWebLink", _NEVER, _ADDRESSES),
        ("demographicFrequency.age[].bin", _WITH, _code("age-group")),
        ("demographicFrequency.age[].count", _WITH, None),
        ("demographicFrequency.ethnicity[].bin", _WITH, _code("ethnic-group")),
        ("demographicFrequency.ethnicity[].count", _WITH, None),
        ("demographicFrequency.disease[].diseaseCode", _WITH, None),
        ("demographicFrequency.disease[].diseaseCodeVocabulary", _WITH, _code("disease-code-vocabulary")),
        ("demographicFrequency.disease[].count", _WITH, None),
        ("omics.assay", _NEVER, _code("assay")),
        ("omics.platform", _NEVER, _code("platform")),
    )
)


def unmet(document: Mapping[str, Any]) -> Iterator[Problem]:
    """What the document misses, or says in a form that 4.0.0 does not allow, in the order of the standard."""
    for demand in DEMANDS:
        yield from _unmet(demand, document)


def _unmet(demand: Demand, document: Mapping[str, Any]) -> Iterator[Problem]:
    last = demand.steps[-1]
    parents = list(_parents(document, demand.steps[:-1], ""))
    if not parents and demand.need is Need.ALWAYS:
        parents = [(".".join(demand.steps[:-1]), {})]
    for path, parent in parents:
        where = f"{path}.{last}" if path else last
        value = parent.get(last)
        if value is None or value == []:
            if demand.need is not Need.NEVER:
                yield _absent(demand, where)
        elif demand.form:
            yield from _misfits(demand, demand.form, value, where)


def _parents(value: JsonValue, steps: tuple[str, ...], path: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    if not steps:
        yield path, value
        return
    name = steps[0].removesuffix("[]")
    below = value.get(name)
    where = f"{path}.{name}" if path else name
    if below and steps[0].endswith("[]"):
        for position, each in enumerate(below):
            yield from _parents(each, steps[1:], f"{where}[{position}]")
    elif below:
        yield from _parents(below, steps[1:], where)


def _absent(demand: Demand, where: str) -> Problem:
    label = field_label(demand.path)
    return Problem(
        where, f"HDR UK 4.0.0 requires “{label}”, and it is not stated.", Severity.ERROR, f"State “{label}”."
    )


def _misfits(demand: Demand, form: Form, value: JsonValue, where: str) -> Iterator[Problem]:
    entries = (
        [(f"{where}[{at}]", each) for at, each in enumerate(value)] if isinstance(value, list) else [(where, value)]
    )
    for path, each in entries:
        if not form.fits(each):
            message = f"HDR UK 4.0.0 expects {form.words} as “{field_label(demand.path)}”."
            yield Problem(path, message, Severity.WARNING, f"Give {form.words}.")
