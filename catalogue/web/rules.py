"""Rules of addresses that are ready sooner."""

from collections.abc import Callable
from functools import cache

from werkzeug.routing import Rule


class PatientRule(Rule):
    """Compiles what writes its addresses when the first is written.

    Werkzeug writes two programs for each rule when the application is made. This asks it to wait by a method that is
    its own affair: one that it no longer calls would take nothing but the gain away.
    """

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        @cache
        def compiled() -> Callable[..., tuple[str, str]]:
            return super(PatientRule, self)._compile_builder(append_unknown)

        def build(rule: Rule, **values: object) -> tuple[str, str]:
            return compiled()(rule, **values)

        return build
