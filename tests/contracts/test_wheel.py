"""The wheel, installed away from the checkout, is a whole catalogue: it serves a page and its stylesheet."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
PACKAGES = ("catalogue", "harvesters", "schemas")
GRAFTED = ("static", "templates")
LEFT_OUT = {".scss", ".pyc"}
PROBE = """
import sys
from pathlib import Path
import catalogue
from catalogue.app import create_app
from catalogue.config import Settings
site = Path(sys.argv[1])
assert Path(catalogue.__file__).is_relative_to(site), catalogue.__file__
client = create_app(Settings()).test_client()
page = client.get("/")
assert page.status_code == 200, page.text
assert "/static/dist/catalogue.css" in page.text, page.text
for asset in ("/static/dist/catalogue.css", "/static/dist/govuk-frontend.min.js", "/static/js/catalogue.js"):
    answer = client.get(asset)
    assert answer.status_code == 200 and len(answer.data) > 100, asset
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build from a copy, since building leaves its traces beside the code."""
    if not (ROOT / "static" / "dist" / "catalogue.css").exists():
        pytest.skip("the stylesheet is not compiled: run make assets")
    copy, out = tmp_path_factory.mktemp("wheel") / "copy", tmp_path_factory.mktemp("out")
    copy.mkdir()
    for name in (*PACKAGES, *GRAFTED):
        shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("setup.cfg", "pyproject.toml", "README.md", "LICENSE", "NOTICE"):
        shutil.copy(ROOT / name, copy / name)
    run("wheel", "--no-deps", "--no-build-isolation", "--no-index", "--wheel-dir", out, copy)
    (built,) = out.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def site(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    site = tmp_path_factory.mktemp("site")
    run("install", "--no-deps", "--no-index", "--target", site, wheel)
    return site


def run(*arguments: str | Path) -> None:
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet", *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def environment(site: Path, folder: Path) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(site),
        "CATALOGUE_DATA_DIR": str(folder / "var"),
        "CATALOGUE_SECRET_KEY": "not-a-secret-only-for-tests",
    }


def test_the_wheel_carries_every_file(wheel: Path) -> None:
    with ZipFile(wheel) as archive:
        carried = set(archive.namelist())
    files = [path for name in (*PACKAGES, *GRAFTED) for path in (ROOT / name).rglob("*") if path.is_file()]
    names = [path.relative_to(ROOT).as_posix() for path in files if path.suffix not in LEFT_OUT]
    expected = {f"catalogue/{name}" if name.startswith(GRAFTED) else name for name in names}
    assert expected - carried == set()


def test_the_wheel_writes_nothing_but_its_packages(site: Path) -> None:
    written = {path.name for path in site.iterdir() if not path.name.endswith(".dist-info")}
    assert written <= {*PACKAGES, "bin"}


def test_the_installed_catalogue_serves_a_page_and_its_stylesheet(site: Path, tmp_path: Path) -> None:
    for command in ([site / "bin" / "catalogue", "db", "upgrade"], [sys.executable, "-c", PROBE, site]):
        done = subprocess.run(
            command,
            capture_output=True,
            text=True,
            check=False,
            cwd=tmp_path,
            env=environment(site, tmp_path),
        )
        assert done.returncode == 0, done.stdout + done.stderr
