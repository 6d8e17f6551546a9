"""The rules that a linter does not know, each kept by reading the code."""

import ast
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
SOURCES = sorted(path for package in ("catalogue", "harvesters", "schemas") for path in (ROOT / package).rglob("*.py"))
LONGEST_MODULE = 400
LONGEST_FUNCTION = 60
VAGUE_NAMES = {"util", "utils", "helper", "helpers", "common", "misc", "manager", "managers"}
UNFINISHED = re.compile(r"\b(TODO|FIXME|XXX|NotImplementedError|not implemented yet)\b", re.IGNORECASE)
WALL_CLOCK = {"now", "utcnow", "today"}
CLOCK_OWNERS = {"datetime", "date"}
# the last ends a write of the index, not a transaction
MAY_COMMIT = (
    "catalogue/services/",
    "catalogue/outbox/",
    "catalogue/migrations/env.py",
    "catalogue/search/index_writing.py",
)
# a migration lists every column once and is never read as a story
WRITTEN_ONCE = "catalogue/migrations/versions/"
MAY_IMPORT = {
    "flask": ("catalogue/app.py", "catalogue/runtime.py", "catalogue/web/", "catalogue/api/"),
    "smtplib": ("catalogue/mail/",),
    "whoosh": ("catalogue/search/",),
}
Rule = Callable[[str, ast.Module], Sequence[int | str]]
Functions = ast.FunctionDef | ast.AsyncFunctionDef


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.fixture(scope="module")
def trees() -> dict[str, ast.Module]:
    return {name_of(path): ast.parse(path.read_text(encoding="utf-8")) for path in SOURCES}


def calls(tree: ast.AST) -> Iterator[tuple[str, ast.Call]]:
    """Yield every call of an attribute with the attribute's name."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            yield node.func.attr, node


def imports(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """Yield the top-level package of every import, with its line."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name.partition(".")[0], node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.partition(".")[0], node.lineno


def last_name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def commits(name: str, tree: ast.Module) -> list[int]:
    return [call.lineno for attribute, call in calls(tree) if attribute == "commit" and not name.startswith(MAY_COMMIT)]


def clock_readings(name: str, tree: ast.Module) -> list[int]:
    if name == "catalogue/clock.py":
        return []
    return [
        call.lineno
        for attribute, call in calls(tree)
        if isinstance(call.func, ast.Attribute)
        and (attribute in WALL_CLOCK and last_name(call.func.value) in CLOCK_OWNERS | {"func"})
    ]


def hidden_imports(_name: str, tree: ast.Module) -> list[int]:
    functions = [node for node in ast.walk(tree) if isinstance(node, Functions)]
    return sorted({n.lineno for f in functions for n in ast.walk(f) if isinstance(n, ast.Import | ast.ImportFrom)})


def backrefs(_name: str, tree: ast.Module) -> list[int]:
    keywords = (node for node in ast.walk(tree) if isinstance(node, ast.keyword))
    return [keyword.value.lineno for keyword in keywords if keyword.arg == "backref"]


def long_functions(name: str, tree: ast.Module) -> list[str]:
    if name.startswith(WRITTEN_ONCE):
        return []
    functions = (node for node in ast.walk(tree) if isinstance(node, Functions))
    lengths = ((f.name, (f.end_lineno or f.lineno) - f.lineno + 1) for f in functions)
    return [f"{function} has {length} lines" for function, length in lengths if length > LONGEST_FUNCTION]


def trespassing_imports(name: str, tree: ast.Module) -> list[str]:
    return [
        f"line {line}: {package}"
        for package, line in imports(tree)
        if package in MAY_IMPORT and not name.startswith(MAY_IMPORT[package])
    ]


def work_in_init(name: str, tree: ast.Module) -> list[int]:
    """Find anything but a docstring, imports and the list of public names in an `__init__.py`."""
    if not name.endswith("__init__.py"):
        return []
    return [statement.lineno for statement in tree.body if not _belongs_in_init(statement)]


def _belongs_in_init(statement: ast.stmt) -> bool:
    if isinstance(statement, ast.Assign):
        return [last_name(target) for target in statement.targets] == ["__all__"]
    is_text = isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
    return is_text or isinstance(statement, ast.Import | ast.ImportFrom)


RULES = [commits, clock_readings, hidden_imports, backrefs, long_functions, trespassing_imports, work_in_init]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__.replace("_", " "))
def test_no(rule: Rule, trees: dict[str, ast.Module]) -> None:
    assert trees
    found = {name: rule(name, tree) for name, tree in trees.items()}
    assert {name: places for name, places in found.items() if places} == {}


@pytest.mark.parametrize(
    ("rule", "name", "code"),
    [
        (commits, "catalogue/web/x.py", "def f(session): session.commit()"),
        (clock_readings, "schemas/x.py", "import datetime as dt\nat = dt.datetime.now(dt.UTC)"),
        (clock_readings, "schemas/x.py", "day = date.today()"),
        (clock_readings, "catalogue/models/x.py", "default = func.now()"),
        (hidden_imports, "schemas/x.py", "def f():\n    import json"),
        (backrefs, "catalogue/models/x.py", "a = relationship(backref='b')"),
        (long_functions, "schemas/x.py", "def f():\n" + "    x = 1\n" * 60),
        (trespassing_imports, "catalogue/services/x.py", "from flask import request"),
        (trespassing_imports, "catalogue/web/x.py", "import whoosh.index"),
        (work_in_init, "schemas/__init__.py", "x = 1"),
    ],
)
def test_a_rule_can_fail(rule: Rule, name: str, code: str) -> None:
    assert rule(name, ast.parse(code))


def test_no_module_is_too_long() -> None:
    lengths = {name_of(path): len(path.read_text(encoding="utf-8").splitlines()) for path in SOURCES}
    lengths = {name: length for name, length in lengths.items() if not name.startswith(WRITTEN_ONCE)}
    assert {name: length for name, length in lengths.items() if length > LONGEST_MODULE} == {}


def test_no_module_has_a_vague_name() -> None:
    names = {name_of(path): set(path.relative_to(ROOT).with_suffix("").parts) for path in SOURCES}
    assert [name for name, parts in names.items() if parts & VAGUE_NAMES] == []


def test_nothing_is_left_unfinished() -> None:
    texts = [*SOURCES, *(ROOT / "templates").rglob("*.html"), *(ROOT / "docs").rglob("*.md"), *ROOT.glob("*.md")]
    marks = {name_of(path): UNFINISHED.findall(path.read_text(encoding="utf-8")) for path in texts}
    assert {name: found for name, found in marks.items() if found} == {}
