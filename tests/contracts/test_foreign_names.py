"""Nothing in the tree names the machine it was written on or the places that packages come from."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
# written in pieces, or this file would be the first to be found
HOSTS = ["pypi" + ".org", "pythonhosted" + ".org", "npmjs" + ".org", "npmjs" + ".com", "deb.debian" + ".org"]
HOMES = ["/" + "root/", "/" + "Users/", "/" + "home/", "/" + "work/"]
FOREIGN = re.compile("|".join([*map(re.escape, HOSTS), *(rf"(?<![\w.:/-]){re.escape(home)}" for home in HOMES)]))


@pytest.fixture(scope="module")
def tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if listed.returncode:
        pytest.skip("not a git checkout")
    return [ROOT / name for name in listed.stdout.decode().split("\0") if name and (ROOT / name).is_file()]


def test_no_tracked_file_names_a_machine_or_a_registry(tracked: list[Path]) -> None:
    texts = ((path, path.read_text(encoding="utf-8", errors="replace")) for path in tracked)
    found = {path.relative_to(ROOT).as_posix(): FOREIGN.findall(text) for path, text in texts}
    assert {name: hits for name, hits in found.items() if hits} == {}


def test_nothing_compiled_is_tracked(tracked: list[Path]) -> None:
    names = [path.relative_to(ROOT).as_posix() for path in tracked]
    assert [
        name for name in names if name.startswith(("static/dist/", "node_modules/", "var/")) or ".egg-info" in name
    ] == []


@pytest.mark.parametrize("text", ["see /" + "root/x", "'/" + "home/someone'", "https://" + HOSTS[0] + "/simple"])
def test_the_rule_can_fail(text: str) -> None:
    assert FOREIGN.search(text)


@pytest.mark.parametrize("text", ["https://example.org/work/1", "/search", "network/home/"])
def test_the_rule_leaves_addresses_alone(text: str) -> None:
    assert not FOREIGN.search(text)
