"""Generated descriptions to measure with: the same ones on every machine, and the first thousand of any number of them.

Made words keep the statistics of prose (few frequent words, very many rare ones, topics that share words), which is
what search engines are sensitive to; about 5 kB and 60 columns a description.
"""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from catalogue.search.backend import FacetTerm, SearchDocument

Array: TypeAlias = NDArray[Any]

SEED = 1948
RARE_WORDS = 50_000
TOPICS = 300
TOPIC_WORDS = 120
CUSTODIANS = 200
KEYWORDS = 1_500


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


STOP_WORDS = _words("""
the of and in to for a with is by from are on as that at were be or this an which not have their it
""")
FIELD_WORDS = _words("""
patients records data health clinical study hospital disease cohort register national care treatment outcome people
age sex diagnosis risk medical admission mortality primary secondary survey research linked dataset cancer heart
diabetes blood pressure screening children women adults episode discharge code prescription medicine therapy laboratory
test result measurement follow-up baseline year date region variable collected information quality access request
approval genomic imaging biobank sample sequencing wearable maternal birth mental vaccination infection respiratory
asthma stroke kidney liver obesity dementia surgery emergency outpatient inpatient practice ethnicity deprivation
smoking alcohol exercise diet longitudinal trial randomised questionnaire participant consent pseudonymised coverage
linkage identifier community ambulance intensive critical pharmacy influenza sepsis fracture pregnancy neonatal frailty
disability rehabilitation palliative death certificate cause survival incidence prevalence intervention exposure
""")
SYLLABLES = _words("""
ba be bo ca ce co cy da de di do fa fe fi ga ge gi gly ha he hy ka ke ki la le li lo lu ma me mi mo na ne ni no nu oc
pa pe phe pho pla po pra pro ra re rhi ri ro sa scle se si so sta ste sy ta te the thro ti to tra tri tu va ve vi xa ze
""")
ENDINGS = _words("sis tion tis ment mia al ic ity oma gen ase ol in ide ane ous ium ate ism ist ology opathy")
COLUMN_THINGS = _words("""
patient admission discharge diagnosis procedure birth death event episode specimen visit drug dose route unit ward
provider referral scan image variant gene ethnic postcode consent weight height bmi pulse systolic diastolic glucose
hba1c egfr creatinine sodium potassium cholesterol haemoglobin platelet
""")
COLUMN_PARTS = _words("id date code type value unit flag start end status source name score count desc time version")
PLACES = (
    *_words("England Scotland Wales Northern-Ireland London Midlands"),
    *(f"District {n:02}" for n in range(40)),
)
KINDS = _words("""
Health-and-disease Treatments Measurements Imaging Registry Omics Socioeconomic Lifestyle Demographics Environment
""")
STANDARDS = _words("ICD10 OPCS4 SNOMED-CT READ LOINC ATC OMOP FHIR DICOM Local")
SETTINGS = _words("Clinic Cohort Accident-and-emergency Outpatients In-patients Home Community Services Other")
BANDS = _words("under-1000 1000-9999 10000-99999 100000-999999 1000000-and-over")


@cache
def _falling(size: int, steepness: float, start: float = 2.0) -> Array:
    """Probabilities that fall by rank (Zipf and Mandelbrot), added up."""
    total: Array = np.cumsum(1 / (np.arange(1, size + 1) + start) ** steepness)
    return total / total[-1]


def _draw(random: np.random.Generator, likely: Array, count: int) -> Array:
    """Ranks drawn with those probabilities."""
    return np.searchsorted(likely, random.random(count), side="right")


@dataclass(frozen=True)
class Language:
    """Words in four classes, each with how likely its words are, and topics that prefer some words."""

    words: tuple[str, ...]
    starts: tuple[int, ...]
    likely: tuple[Array, ...]
    topics: Array


def _language() -> Language:
    random = np.random.default_rng(SEED)
    made: dict[str, None] = {}
    while len(made) < RARE_WORDS:
        size = int(random.integers(1, 4))
        syllables = [SYLLABLES[number] for number in random.integers(0, len(SYLLABLES), size)]
        made["".join(syllables) + ENDINGS[int(random.integers(0, len(ENDINGS)))]] = None
    classes = (STOP_WORDS, FIELD_WORDS, list(made))
    starts = tuple(itertools.accumulate((len(words) for words in classes), initial=0))
    topics = random.integers(starts[2], starts[3], (TOPICS, TOPIC_WORDS))
    likely = (
        _falling(len(STOP_WORDS), 0.9),
        _falling(len(FIELD_WORDS), 0.8),
        _falling(RARE_WORDS, 1.0, 10),
        _falling(TOPIC_WORDS, 1.0),
    )
    return Language(tuple(itertools.chain(*classes)), starts, likely, topics)


class Writer:
    """Writes descriptions one after the other."""

    def __init__(self) -> None:
        self._language = _language()
        self._random = np.random.default_rng(SEED + 1)
        words = self._language.words
        rare = words[self._language.starts[2] :]
        self._keywords = [*FIELD_WORDS, *rare[: KEYWORDS - len(FIELD_WORDS)]]
        self._keyword_likely = _falling(len(self._keywords), 0.8)
        self._custodians = [f"{rare[number].capitalize()} Health Trust" for number in range(CUSTODIANS)]
        self._custodian_likely = _falling(CUSTODIANS, 0.9)

    def document(self, number: int) -> SearchDocument:
        """The next description."""
        random = self._random
        topics = random.integers(0, TOPICS, int(random.integers(1, 4)))
        title, abstract, description = (
            self._words(int(random.integers(low, high)), topics) for low, high in ((5, 14), (60, 151), (200, 401))
        )
        custodian = int(_draw(random, self._custodian_likely, 1)[0])
        chosen = _draw(random, self._keyword_likely, int(random.integers(3, 9))).tolist()
        keywords = tuple(dict.fromkeys(self._keywords[each] for each in chosen))
        first = int(random.integers(1950, 2020))
        last = first + int(random.integers(0, 2026 - first))
        return SearchDocument(
            identifier=f"{number * 2654435761 % 2**32:08x}-0000-4000-8000-{number:012x}",
            revision="1",
            title=" ".join(title).capitalize(),
            custodian=self._custodians[custodian],
            abstract=_prose(abstract),
            description=_prose(description),
            keywords=keywords,
            columns=tuple(self._columns(topics)),
            facets=self._facets(custodian, keywords, (first, last)),
            years=(first, last),
            changed_at=1_100_000_000 + int(random.integers(0, 600_000_000)),
            quality=float(random.random()),
        )

    def _words(self, count: int, topics: Array) -> list[str]:
        random, language = self._random, self._language
        draw = random.random(count)
        words = np.empty(count, np.int64)
        bounds = (0.0, 0.33, 0.62, 0.80)
        for place in range(3):
            here = (draw >= bounds[place]) & (draw < bounds[place + 1])
            words[here] = language.starts[place] + _draw(random, language.likely[place], int(here.sum()))
        here = draw >= bounds[3]
        about = topics[random.integers(0, len(topics), int(here.sum()))]
        words[here] = language.topics[about, _draw(random, language.likely[3], int(here.sum()))]
        return [language.words[word] for word in words.tolist()]

    def _columns(self, topics: Array) -> Iterator[tuple[str, str]]:
        random = self._random
        count = int(np.clip(random.lognormal(3.9, 0.55), 20, 200))
        things = random.integers(0, len(COLUMN_THINGS), count).tolist()
        parts = random.integers(0, len(COLUMN_PARTS), count).tolist()
        words = self._words(count, topics)
        for number, (thing, part) in enumerate(zip(things, parts, strict=True)):
            described = words[number : number + 4] if number % 5 == 0 else ()
            yield f"{COLUMN_THINGS[thing]}_{COLUMN_PARTS[part]}", " ".join(described)

    def _facets(
        self, custodian: int, keywords: Sequence[str], years: tuple[int, int]
    ) -> dict[str, tuple[FacetTerm, ...]]:
        first, last = years
        values = {
            "custodian": [self._custodians[custodian]],
            "membership": [("Alliance", "Hub", "Other")[custodian % 3]],
            "data_type": self._some(KINDS, 1, 3),
            "data_subtype": self._some([f"{kind}: {part}" for kind in KINDS for part in "ABCDE"], 1, 4),
            "keyword": keywords,
            "coverage": self._some(PLACES, 1, 3),
            "access": self._some(["TRE/SDE", "Direct access", "Open access", "Varies based on project"], 0, 1),
            "standard": self._some(STANDARDS, 0, 3),
            "collection": self._some(SETTINGS, 0, 2),
            "population": self._some(BANDS, 0, 1),
            "decade": [f"{year}s" for year in range(first // 10 * 10, last + 1, 10)],
            "structure": ["yes"],
        }
        return {name: tuple(FacetTerm(value, value) for value in found) for name, found in values.items()}

    def _some(self, values: Sequence[str], least: int, most: int) -> list[str]:
        count = int(self._random.integers(least, most + 1))
        chosen = _draw(self._random, _falling(len(values), 0.7), count).tolist()
        return list(dict.fromkeys(values[each] for each in chosen))


def _prose(words: Sequence[str]) -> str:
    sentences = (words[start : start + 14] for start in range(0, len(words), 14))
    return " ".join(" ".join(sentence).capitalize() + "." for sentence in sentences)


def documents(count: int) -> Iterator[SearchDocument]:
    """The first descriptions of an endless list."""
    writer = Writer()
    return (writer.document(number) for number in range(count))
