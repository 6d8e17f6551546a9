"""By what the people in the data can be linked: NHS number, CHI number, a pseudonym made from one."""

from collections.abc import Iterator

from schemas.inference.facts import Finding, rule
from schemas.inference.filling import KEYS
from schemas.inference.guards import is_denied, is_planned
from schemas.inference.passages import COLUMNS, TITLE, Match, Sentence
from schemas.inference.phrases import folded_words, phrases, word_list

_WORDS = word_list("linkage_keys")
_KEYS = phrases(_WORDS["keys"])
_OTHER = phrases(_WORDS["not_near"])
_BESIDE = folded_words(_WORDS["beside_in_columns"])
_NEAR = 8


@rule("linkage keys", KEYS)
def linkage_keys(sentences: tuple[Sentence, ...]) -> Iterator[Finding]:
    """Every identifier that is said to be held or linked by, and those that a column is named after."""
    for sentence in sentences:
        if sentence.path == TITLE:
            continue
        for value, match in _KEYS.find(sentence):
            if sentence.path == COLUMNS and not _is_whole_name(match):
                continue
            is_other = _OTHER.within(sentence, match.start - _NEAR, match.end + _NEAR)
            if sentence.path == COLUMNS or not (is_other or is_denied(match) or is_planned(match)):
                yield KEYS, value, match


def _is_whole_name(match: Match) -> bool:
    """Whether a column is the identifier, and not its status, its match rank or how many there are."""
    tokens = match.sentence.tokens
    rest = (*tokens[: match.start], *tokens[match.end :])
    return all(token.word in _BESIDE for token in rest)
