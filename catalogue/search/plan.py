"""What is looked up for a question: typing errors mended, synonyms added, words turned into terms."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol, TypeAlias

from catalogue.search.analysis import term_of, terms_of
from catalogue.search.fields import FIELD_BITS
from catalogue.search.query import Choice, Part, Phrase, Question, Word
from catalogue.search.synonyms import Alternative, Synonyms, Terms

SYNONYM_WEIGHT = 0.6
"""What a synonym counts for, so that what was typed ranks first."""

ANY_FIELD = 0xFF


@dataclass(frozen=True, slots=True)
class FindTerm:
    """Documents with a term in one of the fields (a bit each)."""

    term: bytes
    fields: int = ANY_FIELD
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class FindPhrase:
    """Documents with terms at places: for each place any of its terms. Stop words leave a gap."""

    places: tuple[tuple[int, tuple[bytes, ...]], ...]
    fields: int = ANY_FIELD
    weight: float = 1.0
    is_synonym: bool = False


@dataclass(frozen=True, slots=True)
class FindAll:
    """Documents that every node finds; scores are added."""

    nodes: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class FindAny:
    """Documents that any node finds; scores are added."""

    nodes: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class FindBest:
    """Documents that any node finds; the best score counts, since the nodes say the same."""

    nodes: tuple["Node", ...]


Node: TypeAlias = FindTerm | FindPhrase | FindAll | FindAny | FindBest


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
    """A question ready to be answered; no nodes means every document."""

    required: tuple[Node, ...]
    excluded: tuple[Node, ...]
    corrections: Mapping[str, tuple[str, ...]]
    synonyms: Mapping[str, tuple[str, ...]]
    phrases: tuple[str, ...]
    """The phrases in quotation marks."""


def make_plan(question: Question, lexicon: Lexicon, synonyms: Synonyms) -> Plan:
    """Turn a question into what is looked up."""
    making = _Making(lexicon, synonyms)
    required = tuple(making.all_of(question.required))
    excluded = tuple(node for part in question.excluded if (node := making.plain(part)))
    typed = tuple(" ".join(part.words) for part in question.required if isinstance(part, Phrase) and part.is_typed)
    return Plan(required, excluded, making.corrections, making.synonyms_used, typed)


def loosened(node: Node) -> Node:
    """The same with all words of a phrase in place of the phrase; synonyms stay whole."""
    match node:
        case FindPhrase(places, fields, weight, is_synonym=False):
            return FindAll(tuple(_best([FindTerm(term, fields, weight) for term in terms]) for _, terms in places))
        case FindAll(nodes):
            return FindAll(tuple(map(loosened, nodes)))
        case FindAny(nodes):
            return FindAny(tuple(map(loosened, nodes)))
        case FindBest(nodes):
            return FindBest(tuple(map(loosened, nodes)))
        case _:
            return node


def any_of(nodes: Iterable[Node]) -> FindAny:
    """Every word for itself."""
    return FindAny(tuple(part for node in nodes for part in _words(loosened(node))))


def _words(node: Node) -> Iterable[Node]:
    match node:
        case FindAll(nodes) | FindAny(nodes):
            inner = nodes
        case FindBest(nodes) if any(isinstance(each, FindAll) for each in nodes):
            inner = nodes
        case _:
            return (node,)
    return [part for each in inner for part in _words(each)]


def terms_in(nodes: Iterable[Node]) -> list[bytes]:
    """The terms that are looked up, each once, in the order of the question."""
    found: dict[bytes, None] = {}
    for node in nodes:
        match node:
            case FindTerm(term):
                found[term] = None
            case FindPhrase(places):
                found.update(dict.fromkeys(term for _, terms in places for term in terms))
            case FindAll(inner) | FindAny(inner) | FindBest(inner):
                found.update(dict.fromkeys(terms_in(inner)))
    return list(found)


@dataclass(slots=True)
class _Making:
    lexicon: Lexicon
    synonyms: Synonyms
    corrections: dict[str, tuple[str, ...]] = field(default_factory=dict)
    synonyms_used: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def all_of(self, parts: Sequence[Part]) -> Iterable[Node]:
        """The nodes of parts that must all be found; words in a row that have synonyms as one go together."""
        place = 0
        while place < len(parts):
            run = self._run(parts, place)
            if run > 1:
                words = [part for part in parts[place : place + run] if isinstance(part, Word)]
                yield self._several(words)
            elif (node := self._part(parts[place])) is not None:
                yield node
            place += run

    def _run(self, parts: Sequence[Part], start: int) -> int:
        """How many parts from `start` on are an entry of the synonyms, one if none is."""
        terms: list[bytes] = []
        longest = 1
        for part in parts[start : start + self.synonyms.longest]:
            if not isinstance(part, Word) or part.field or part.is_prefix:
                break
            terms.append(term_of(self._mended(part.text)[0]))
            if len(terms) > 1 and self._known(tuple(terms)):
                longest = len(terms)
        return longest

    def _several(self, words: Sequence[Word]) -> Node:
        typed = [node for word in words if (node := self._word(word)) is not None]
        mended = [self._mended(word.text)[0] for word in words]
        return _best([FindAll(tuple(typed)), *self._alternatives(mended, ANY_FIELD)])

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
        fields = FIELD_BITS.get(word.field, ANY_FIELD)
        if word.is_prefix:
            return _best([FindTerm(term, fields) for term in self.lexicon.beginning(word.text)] or [_nothing(word)])
        if not term_of(word.text):
            return None
        meant = self._mended(word.text)
        nodes: list[Node] = [FindTerm(term_of(other), fields) for other in meant]
        for other in meant:
            nodes.extend(self._alternatives([other], fields))
        return _best(nodes)

    def _phrase(self, phrase: Phrase) -> Node | None:
        fields = FIELD_BITS.get(phrase.field, ANY_FIELD)
        node = self._places(phrase, fields, with_synonyms=True)
        if node is None:
            return None
        return _best([node, *self._alternatives([self._mended(word)[0] for word in phrase.words], fields)])

    def plain(self, part: Word | Phrase) -> Node | None:
        """What is excluded: mended, without synonyms, since nobody asked to lose those."""
        fields = FIELD_BITS.get(part.field, ANY_FIELD)
        if isinstance(part, Phrase):
            return self._places(part, fields, with_synonyms=False)
        if part.is_prefix:
            return _best([FindTerm(term, fields) for term in self.lexicon.beginning(part.text)] or [_nothing(part)])
        if not term_of(part.text):
            return None
        return _best([FindTerm(term_of(other), fields) for other in self._mended(part.text)])

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
            return _best([FindTerm(term, fields) for term in places[0][1]])
        return _at_places(places, fields) if places else None

    def _mended(self, word: str) -> tuple[str, ...]:
        """The word, or the near ones when the index knows neither it nor a synonym of it."""
        if word in self.corrections:
            return self.corrections[word]
        term = term_of(word)
        if not term or self.lexicon.has(term) or self._known((term,)):
            return (word,)
        near = self.lexicon.near(word)
        if near:
            self.corrections[word] = near
        return near or (word,)

    def _known(self, terms: Terms) -> list[Alternative]:
        """The synonyms that the index has."""
        return [
            alternative
            for alternative in self.synonyms.of(terms)
            if all(self.lexicon.has(term) for term in alternative.terms if term)
        ]

    def _alternatives(self, words: Sequence[str], fields: int) -> list[Node]:
        known = self._known(tuple(terms_of(words)))
        if known:
            self.synonyms_used[" ".join(words)] = tuple(alternative.text for alternative in known)
        return [_alternative(alternative, fields) for alternative in known]


def _alternative(alternative: Alternative, fields: int) -> Node:
    places = tuple((place, (term,)) for place, term in enumerate(alternative.terms) if term)
    if len(places) == 1:
        return FindTerm(places[0][1][0], fields, SYNONYM_WEIGHT)
    return replace(_at_places(places, fields), weight=SYNONYM_WEIGHT, is_synonym=True)


def _at_places(places: Sequence[tuple[int, tuple[bytes, ...]]], fields: int) -> FindPhrase:
    """A phrase that starts at its first place that is not a stop word."""
    first = places[0][0]
    return FindPhrase(tuple((place - first, terms) for place, terms in places), fields)


def _nothing(word: Word) -> Node:
    return FindTerm(term_of(word.text) or word.text.encode())


def _best(nodes: Sequence[Node]) -> Node:
    return nodes[0] if len(nodes) == 1 else FindBest(tuple(nodes))
