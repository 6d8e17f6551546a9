"""Which codes and data models the data are recorded with, from the texts and from the names of columns."""

from collections.abc import Iterator

from schemas.inference.facts import Finding, rule
from schemas.inference.filling import CODES, MODELS
from schemas.inference.guards import is_denied, is_planned
from schemas.inference.passages import COLUMNS, Sentence
from schemas.inference.phrases import phrases, word_list

_WORDS = word_list("standards")
_CODES = phrases(_WORDS["codes"])
_MODELS = phrases(_WORDS["models"])
_IN_COLUMNS = phrases(_WORDS["codes_in_columns"])
_OTHER = phrases(_WORDS["not_near"])
_NEAR = 6


@rule("standards", CODES, MODELS)
def standards(sentences: tuple[Sentence, ...]) -> Iterator[Finding]:
    """Every code system and data model that is named as in use."""
    for sentence in sentences:
        if sentence.path == COLUMNS:
            yield from ((CODES, value, match) for value, match in _IN_COLUMNS.find(sentence))
            continue
        for path, known in ((CODES, _CODES), (MODELS, _MODELS)):
            for value, match in known.find(sentence):
                # "We read codes" is not about the codes that are named after Dr Read.
                if sentence.text.startswith("read", sentence.tokens[match.start].start):
                    continue
                is_other = _OTHER.within(sentence, match.start - _NEAR, match.end + _NEAR)
                if not is_other and not is_denied(match) and not is_planned(match):
                    yield path, value, match
