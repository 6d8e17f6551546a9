"""The distribution holds what the checkout holds, and its locks hold what it asks for."""

import configparser
import json
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from setuptools import find_packages

ROOT = Path(__file__).resolve().parent.parent.parent
GRAFTED = {"catalogue.static", "catalogue.templates"}
LOCKS = {
    "runtime": (),
    "opensearch": ("opensearch",),
    "build": ("build",),
    "test": ("build", "test"),
    "bench": ("build", "test", "bench"),
}


@pytest.fixture(scope="module")
def configuration() -> configparser.ConfigParser:
    configuration = configparser.ConfigParser()
    configuration.read(ROOT / "setup.cfg")
    return configuration


def requirements(text: str) -> list[Requirement]:
    lines = (line.strip() for line in text.splitlines())
    return [Requirement(line) for line in lines if line and not line.startswith("#")]


def locked(name: str) -> dict[str, tuple[Requirement, int]]:
    """Read a lock: each name with what is pinned and how many hashes it may have."""
    text = (ROOT / "requirements" / f"{name}.lock").read_text(encoding="utf-8").replace("\\\n", " ")
    entries = [line.split("--hash=sha256:") for line in text.splitlines()]
    pins = [(Requirement(entry[0].strip()), len(entry) - 1) for entry in entries]
    return {canonicalize_name(pin.name): (pin, hashes) for pin, hashes in pins}


def test_setup_cfg_lists_every_package(configuration: configparser.ConfigParser) -> None:
    listed = configuration["options"]["packages"].split()
    found = set(find_packages(str(ROOT), include=["catalogue*", "harvesters*", "schemas*"]))
    assert set(listed) == found | GRAFTED
    assert listed == sorted(listed)


def test_every_folder_with_modules_is_a_package() -> None:
    folders = {path.parent for name in ("catalogue", "harvesters", "schemas") for path in (ROOT / name).rglob("*.py")}
    # Alembic reads its numbered files by path
    loose = {folder for folder in folders if not (folder / "__init__.py").exists() and folder.name != "versions"}
    assert loose == set()


def test_nobody_else_owns_our_names() -> None:
    owners = packages_distributions()
    for name in ("catalogue", "harvesters", "schemas"):
        assert set(owners.get(name, [])) <= {"health-dataset-catalogue"}, f"{name} is also installed by {owners[name]}"


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_pins_everything_that_is_asked_for(name: str, configuration: configparser.ConfigParser) -> None:
    extras = configuration["options.extras_require"]
    asked = requirements(configuration["options"]["install_requires"])
    for extra in LOCKS[name]:
        asked += requirements(extras[extra])
    pins = locked(name)
    for requirement in asked:
        pin, _ = pins[canonicalize_name(requirement.name)]
        (version,) = [specifier.version for specifier in pin.specifier if specifier.operator == "=="]
        assert requirement.specifier.contains(version), f"{requirement} is locked at {version}: run make lock"


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_has_hashes_and_no_addresses(name: str) -> None:
    pins = locked(name)
    assert pins
    assert [pin for pin, hashes in pins.values() if not hashes] == []
    assert "://" not in (ROOT / "requirements" / f"{name}.lock").read_text(encoding="utf-8")


def test_locks_agree() -> None:
    everything = {name: str(pin.specifier) for name, (pin, _) in locked("bench").items()}
    for lock in LOCKS:
        assert {name: str(pin.specifier) for name, (pin, _) in locked(lock).items()}.items() <= everything.items(), lock


def test_the_npm_lock_has_hashes_and_no_addresses() -> None:
    lock = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))
    packages = {name: package for name, package in lock["packages"].items() if name}
    assert packages
    assert [name for name, package in packages.items() if not package.get("integrity")] == []
    assert [name for name, package in packages.items() if "resolved" in package] == []


def test_every_target_of_make_says_what_it_does() -> None:
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    (phony,) = [line.removeprefix(".PHONY:").split() for line in text.splitlines() if line.startswith(".PHONY:")]
    described = [line.partition(":")[0] for line in text.splitlines() if ": " in line and " ## " in line]
    assert set(phony) == set(described)


def test_continuous_integration_runs_what_a_developer_runs() -> None:
    commands = (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()
    assert commands[-1] == "exec make test"
