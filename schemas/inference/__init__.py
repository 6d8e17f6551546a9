"""Facts read from a description's own words, by rules; each keeps the words it came from."""

from schemas.inference.engine import infer, rules
from schemas.inference.facts import Fact, Rule, rule
from schemas.inference.filling import is_sound, is_stated, path_label, value_label, with_facts

__all__ = ["Fact", "Rule", "infer", "is_sound", "is_stated", "path_label", "rule", "rules", "value_label", "with_facts"]
