"""Where the web assets are, in a checkout and in an installed wheel."""

from pathlib import Path
from typing import Literal

PACKAGE_ROOT = Path(__file__).resolve().parent


def asset_folder(name: Literal["static", "templates"]) -> Path:
    """Return the folder of that name, the wheel's own copy before the checkout's."""
    for candidate in (PACKAGE_ROOT / name, PACKAGE_ROOT.parent / name):
        if candidate.is_dir():
            return candidate
    raise FileNotFoundError(f"no {name!r} folder inside or beside {PACKAGE_ROOT}")
