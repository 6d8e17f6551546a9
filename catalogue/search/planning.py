"""From a question to what is looked up: typing errors mended, synonyms added, words turned into terms."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from catalogue.search.analysis import IDLE_WORDS, term_of, terms_of
from catalogue.search.fields import FIELD_BITS, LABEL_FIELDS
from catalogue.search.plan import ANY_FIELD, FindAll, FindAny, FindLabel, FindPhrase, FindSame, FindTerm, Node, best_of
from catalogue.search.query import Choice, Part, Phrase, Question, Word
from catalogue.search.synonyms import Alternative, Synonyms, Terms

MOST_MENDED = 20
"""Words of a question that are looked at for typing errors; a pasted page of another language is not mended."""
MOST_BEGINNINGS = 5
"""Words of a question that may end in a star."""


class Lexicon(Protocol):
    """The words of the index."""

    def has(self, term: bytes) -> bool:
        """Whether any document that can be found has the term."""

    def near(self, word: str) -> tuple[str, ...]:
        """What a word that is not in the index was probably meant to be."""

    def beginning(self, prefix: str) -> tuple[bytes, ...]:
        """The terms of the words that begin so."""


@dataclass(frozen=True, slots=True)
class Plan:
    """A question ready to be answered; no nodes means every document. `welcome` ones are scored, not required."""

    required: tuple[Node, ...]
    welcome: tuple[Node, ...]
    excluded: tuple[Node, ...]
    corrections: Mapping[str, tuple[str, ...]]
    synonyms: Mapping[str, tuple[str, ...]]
    phrases: tuple[str, ...]
    """The phrases in quotation marks."""


def make_plan(
    question: Question, lexicon: Lexicon, synonyms: Synonyms, *, exact: bool = False, idle_words: bool = True
) -> Plan:
    """Turn a question into what is looked up; an exact one has its words as they were typed and no others."""
    making = _Making(lexicon, synonyms, exact)
    nodes = list(making.all_of(question.required))
    required = tuple(node for node, is_idle in nodes if not is_idle or exact or not idle_words)
    welcome = tuple(node for node, _ in nodes if node not in required)
    if not required:
        required, welcome = welcome, ()
    excluded = tuple(node for part in question.excluded if (node := making.plain(part)))
    typed = tuple(" ".join(part.words) for part in question.required if isinstance(part, Phrase) and part.is_typed)
    return Plan(required, welcome, excluded, making.corrections, making.synonyms_used, typed)


def _is_idle(part: Part) -> bool:
    return isinstance(part, Word) and not part.field and not part.is_prefix and part.text in IDLE_WORDS


@dataclass(slots=True)
class _Making:
    lexicon: Lexicon
    synonyms: Synonyms
    exact: bool = False
    mended: dict[str, tuple[str, ...]] = field(default_factory=dict)
    beginnings: int = 0
    corrections: dict[str, tuple[str, ...]] = field(default_factory=dict)
    synonyms_used: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def all_of(self, parts: Sequence[Part]) -> Iterable[tuple[Node, bool]]:
        """The nodes of parts, and whether each stands for an idle word only.

        Words in a row that have synonyms as one go together.
        """
        place = 0
        while place < len(parts):
            run = self._run(parts, place)
            if run:
                yield self._several(run), False
            elif (node := self._part(parts[place])) is not None:
                yield node, _is_idle(parts[place])
            place += len(run) or 1

    def _run(self, parts: Sequence[Part], start: int) -> list[str]:
        """The words from `start` on that are an entry of the synonyms: as typed if they are, else mended."""
        words: list[str] = []
        for part in parts[start : start + self.synonyms.longest]:
            if not isinstance(part, Word) or part.field or part.is_prefix:
                break
            words.append(part.text)
        return self._entry(words) or self._entry([self._mended(word)[0] for word in words])

    def _entry(self, words: list[str]) -> list[str]:
        """As many of the words as are an entry, at least two."""
        lengths = range(len(words), 1, -1)
        return next((words[:length] for length in lengths if self._known(tuple(terms_of(words[:length])))), [])

    def _several(self, words: Sequence[str]) -> Node:
        typed = FindAll(tuple(FindTerm(term) for term in terms_of(words) if term))
        return self._with_synonyms(typed, words, ANY_FIELD)

    def _part(self, part: Part) -> Node | None:
        match part:
            case Word():
                return self._word(part)
            case Phrase():
                return self._phrase(part)
            case Choice(options):
                nodes = [node for option in options if (node := self._part(option)) is not None]
                return FindAny(tuple(nodes)) if nodes else None

    def _word(self, word: Word) -> Node | None:
        if word.field in LABEL_FIELDS:
            return self._label(word)
        fields = FIELD_BITS.get(word.field, ANY_FIELD)
        if word.is_prefix:
            return self._beginning(word, fields)
        if not term_of(word.text):
            return None
        meant = self._mended(word.text)
        typed = best_of([FindTerm(term_of(other), fields) for other in meant])
        return self._with_synonyms(typed, meant[:1], fields)

    def _label(self, part: Word | Phrase) -> Node | None:
        """A part that is looked for in the labels of a facet."""
        facets = LABEL_FIELDS[part.field]
        if isinstance(part, Word) and part.is_prefix:
            return FindLabel(facets, ((part.text.encode(),),), is_beginning=True)
        spoken = [self._mended(word)[0] for word in (part.words if isinstance(part, Phrase) else (part.text,))]
        typed = tuple(filter(None, terms_of(spoken)))
        if not typed:
            return None
        ways = [typed, (term_of("".join(spoken)),)]
        ways += [tuple(filter(None, other.terms)) for other in self._known(tuple(terms_of(spoken)))]
        return FindLabel(facets, tuple(dict.fromkeys(ways)))

    def _beginning(self, word: Word, fields: int) -> Node:
        self.beginnings += 1
        known = self.lexicon.beginning(word.text) if self.beginnings <= MOST_BEGINNINGS else ()
        terms = known or (word.text.encode(),)
        return best_of([FindTerm(term, fields) for term in terms])

    def _phrase(self, phrase: Phrase) -> Node | None:
        if phrase.field in LABEL_FIELDS:
            return self._label(phrase)
        fields = FIELD_BITS.get(phrase.field, ANY_FIELD)
        node = self._places(phrase, fields, with_synonyms=True)
        if node is None:
            return None
        return self._with_synonyms(node, [self._mended(word)[0] for word in phrase.words], fields)

    def plain(self, part: Word | Phrase) -> Node | None:
        """What is excluded: mended, without synonyms, since nobody asked to lose those."""
        if part.field in LABEL_FIELDS:
            return self._label(part)
        fields = FIELD_BITS.get(part.field, ANY_FIELD)
        if isinstance(part, Phrase):
            return self._places(part, fields, with_synonyms=False)
        if part.is_prefix:
            return self._beginning(part, fields)
        if not term_of(part.text):
            return None
        return best_of([FindTerm(term_of(other), fields) for other in self._mended(part.text)])

    def _places(self, phrase: Phrase, fields: int, *, with_synonyms: bool) -> Node | None:
        places = []
        for place, word in enumerate(phrase.words):
            if not term_of(word):
                continue
            meant = self._mended(word)
            terms = dict.fromkeys(term_of(other) for other in meant)
            if with_synonyms:
                others = [alternative for other in meant for alternative in self._known((term_of(other),))]
                terms |= dict.fromkeys(other.terms[0] for other in others if len(other.terms) == 1)
            places.append((place, tuple(terms)))
        if len(places) == 1:
            return best_of([FindTerm(term, fields) for term in places[0][1]])
        return _at_places(places, fields) if places else None

    def _mended(self, word: str) -> tuple[str, ...]:
        """The word, or the near ones when it is in neither the index nor the synonyms."""
        if self.exact:
            return (word,)
        known = self.mended.get(word)
        if known is None:
            known = self.mended[word] = self._mend(word)
        return known

    def _mend(self, word: str) -> tuple[str, ...]:
        term = term_of(word)
        if not term or self.lexicon.has(term) or term in self.synonyms.terms or len(self.mended) >= MOST_MENDED:
            return (word,)
        near = self.lexicon.near(word)
        if near:
            self.corrections[word] = near
        return near or (word,)

    def _known(self, terms: Terms) -> list[Alternative]:
        """The synonyms that the index has."""
        if self.exact:
            return []
        return [
            alternative
            for alternative in self.synonyms.of(terms)
            if all(self.lexicon.has(term) for term in alternative.terms if term)
        ]

    def _with_synonyms(self, typed: Node, words: Sequence[str], fields: int) -> Node:
        known = self._known(tuple(terms_of(words)))
        if not known:
            return typed
        self.synonyms_used[" ".join(words)] = tuple(alternative.text for alternative in known)
        return FindSame(typed, tuple(_alternative(alternative, fields) for alternative in known))


def _alternative(alternative: Alternative, fields: int) -> Node:
    places = tuple((place, (term,)) for place, term in enumerate(alternative.terms) if term)
    return FindTerm(places[0][1][0], fields) if len(places) == 1 else _at_places(places, fields)


def _at_places(places: Sequence[tuple[int, tuple[bytes, ...]]], fields: int) -> FindPhrase:
    """A phrase that starts at its first place that is not a stop word."""
    first = places[0][0]
    return FindPhrase(tuple((place - first, terms) for place, terms in places), fields)
