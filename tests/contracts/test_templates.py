"""Nothing is left behind in templates and stylesheets: what is imported, defined or styled is used."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = {
    str(path.relative_to(ROOT / "templates")): path.read_text("utf-8")
    for path in sorted((ROOT / "templates").rglob("*.*"))
}
STYLES = "\n".join(path.read_text("utf-8") for path in (ROOT / "static/css").glob("*.scss"))
CODE = "\n".join(path.read_text("utf-8") for path in (ROOT / "catalogue").rglob("*.py"))
SCRIPTS = "\n".join(path.read_text("utf-8") for path in (ROOT / "static/js").glob("*.js"))
IMPORT = re.compile(r'{% from "[^"]+" import ([^%]+) %}')


MACRO = re.compile(r"{% macro (\w+)\(")
MACROS = frozenset(each for text in TEMPLATES.values() for each in MACRO.findall(text))


def called(text: str) -> set[str]:
    """The macros that a template calls; a filter may have the name of one."""
    return MACROS & set(re.findall(r"(?<!macro )(?<!\| )\b(\w+)\(", text))


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_template_imports_what_it_calls_and_nothing_else(name: str) -> None:
    """What is included would else call what its page happens to import."""
    text = TEMPLATES[name]
    pairs = [each.strip().split(" as ") for names in IMPORT.findall(text) for each in names.split(",")]
    known = {pair[0]: pair[-1] for pair in pairs}
    rest = IMPORT.sub("", text)
    assert [macro for macro, known_as in known.items() if f"{known_as}(" not in rest] == []
    assert called(rest) - known.keys() - set(MACRO.findall(text)) == set()


def test_every_macro_is_called() -> None:
    assert MACROS - {each for text in TEMPLATES.values() for each in called(text)} == set()


def test_every_page_is_shown_or_included() -> None:
    """Mails are named without their folder and their suffix."""

    def is_named(name: str) -> bool:
        wanted = f'"{Path(name).stem}"' if name.startswith("email/") else f'"{name}"'
        others = (text for other, text in TEMPLATES.items() if other != name)
        return wanted in CODE or any(f'"{Path(name).name}"' in text or f'"{name}"' in text for text in others)

    assert [name for name in TEMPLATES if not is_named(name)] == []


def test_every_class_that_is_styled_is_used() -> None:
    """A class whose ending is put together, as `catalogue-tag--` and a tone, is used when its beginning is."""
    used = set(re.findall(r"catalogue-[a-z0-9_-]+", "\n".join([*TEMPLATES.values(), CODE, SCRIPTS])))
    styled = set(re.findall(r"\.(catalogue-[a-z0-9_-]+)", STYLES))
    assert [each for each in sorted(styled) if each not in used and f"{each.rsplit('--', 1)[0]}--" not in used] == []
