"""What is looked up for a question: a tree of terms and phrases."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

ANY_FIELD = 0xFF


@dataclass(frozen=True, slots=True)
class FindTerm:
    """Documents with a term in one of the fields (a bit each)."""

    term: bytes
    fields: int = ANY_FIELD


@dataclass(frozen=True, slots=True)
class FindPhrase:
    """Documents with terms at places: for each place any of its terms. Stop words leave a gap."""

    places: tuple[tuple[int, tuple[bytes, ...]], ...]
    fields: int = ANY_FIELD


@dataclass(frozen=True, slots=True)
class FindAll:
    """Documents that every node finds; scores are added."""

    nodes: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class FindAny:
    """Documents that any node finds; scores are added."""

    nodes: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class FindSome:
    """Documents that any node finds; scores are added, and those with more of the nodes are preferred."""

    nodes: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class FindBest:
    """Documents that any node finds; the best score counts, since the nodes stand for one word."""

    nodes: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class FindSame:
    """Documents with what was typed or with another way to say it, which counts for less."""

    typed: "Node"
    synonyms: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class FindLabel:
    """Documents with a value of one of the facets whose label has all terms of one of the ways to say it.

    With `is_beginning` the label has words that begin so.
    """

    facets: tuple[str, ...]
    ways: tuple[tuple[bytes, ...], ...]
    is_beginning: bool = False


Node: TypeAlias = FindLabel | FindTerm | FindPhrase | FindAll | FindAny | FindSome | FindBest | FindSame


def best_of(nodes: Sequence[Node]) -> Node:
    """Whichever node is best, of at least one."""
    return nodes[0] if len(nodes) == 1 else FindBest(tuple(nodes))


def loosened(node: Node) -> Node:
    """The same with all words of a phrase in place of the phrase."""
    match node:
        case FindTerm() | FindLabel():
            return node
        case FindPhrase(places, fields):
            return FindAll(tuple(best_of([FindTerm(term, fields) for term in terms]) for _, terms in places))
        case FindAll(nodes) | FindAny(nodes) | FindSome(nodes) | FindBest(nodes):
            return replace(node, nodes=tuple(map(loosened, nodes)))
        case FindSame(typed, synonyms):
            return FindSame(loosened(typed), tuple(map(loosened, synonyms)))


def some_of(nodes: Iterable[Node]) -> FindSome:
    """Every word for itself, but for synonyms: nobody who typed "MI" typed "heart"."""
    return FindSome(tuple(dict.fromkeys(word for node in nodes for word in _words(loosened(node)))))


def _words(node: Node) -> Iterable[Node]:
    match node:
        case FindAll(nodes) | FindAny(nodes):
            return [word for each in nodes for word in _words(each)]
        case FindSame(FindAll() as typed, synonyms):
            return [*_words(typed), *synonyms]
        case _:
            return (node,)


def leaves(nodes: Iterable[Node]) -> Iterable[FindTerm | FindPhrase]:
    """The terms and phrases that are looked up, each once."""
    found: dict[FindTerm | FindPhrase, None] = {}
    for node in nodes:
        match node:
            case FindTerm() | FindPhrase():
                found[node] = None
            case FindSame(typed, synonyms):
                found.update(dict.fromkeys(leaves((typed, *synonyms))))
            case FindAll(inner) | FindAny(inner) | FindSome(inner) | FindBest(inner):
                found.update(dict.fromkeys(leaves(inner)))
    return found
