"""Words around a match that take its meaning away: it is denied, or only planned."""

from schemas.inference.passages import Match
from schemas.inference.phrases import folded_words, phrases, word_list

BEFORE, AFTER = 8, 5
"""Words looked at on each side: about a clause."""

_WORDS = word_list("guards")
_DENIALS = folded_words(_WORDS["denials"])
_ENDS_OF_DENIAL = folded_words(_WORDS["ends_of_denial"])
_OUTSIDE = phrases(_WORDS["outside"])
_PLANS = phrases(_WORDS["plans"])


def is_denied(match: Match) -> bool:
    """Whether the match is said not to be so: "does not include Scotland", "resident outside England"."""
    sentence = match.sentence
    for position in range(match.start - 1, max(-1, match.start - 1 - BEFORE), -1):
        word = sentence.word(position)
        if word in _ENDS_OF_DENIAL:
            return False
        if word in _DENIALS:
            return sentence.word(position + 1) != "only"
    return _OUTSIDE.within(sentence, match.start - 3, match.start)


def is_planned(match: Match) -> bool:
    """Whether the match is only meant to become so: "will be mapped to", "we aim to recruit"."""
    return _PLANS.within(match.sentence, match.start - BEFORE * 2, match.end + AFTER)
