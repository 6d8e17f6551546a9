"""All rules over one description."""

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from schemas.inference import rules as rules_package
from schemas.inference.facts import Fact, Rule, registered
from schemas.inference.filling import is_sound, is_stated
from schemas.inference.passages import sentences_of
from schemas.metadata import Description


@cache
def rules() -> tuple[Rule, ...]:
    """Every rule, by name; a new one is a new module of `schemas.inference.rules`."""
    for module in iter_modules(rules_package.__path__):
        import_module(f"{rules_package.__name__}.{module.name}")
    return tuple(each for _, each in sorted(registered().items()))


def infer(description: Description) -> tuple[Fact, ...]:
    """What the words of a description say about fields for which it states nothing; each value once, where first read.

    Pure: the same description gives the same facts. Nothing is inferred for a field that is stated, and nothing that
    contradicts what is stated beside it, such as an end before a stated beginning.
    """
    sentences = sentences_of(description)
    found: dict[tuple[str, str], Fact] = {}
    for each in rules():
        open_paths = {path for path in each.paths if not is_stated(description, path)}
        if not open_paths:
            continue
        for path, value, match in each.find(sentences):
            if path in open_paths and (path, value) not in found:
                found[path, value] = Fact(path, value, match.excerpt(), match.sentence.path, each.name)
    return tuple(fact for fact in found.values() if is_sound(description, fact))
