"""Assets are found in a checkout and in a wheel."""

from pathlib import Path

import pytest

from catalogue import paths


def test_a_checkout_has_its_assets_beside_the_package() -> None:
    assert (paths.asset_folder("static") / "css" / "catalogue.scss").is_file()


def test_a_wheel_has_its_assets_inside_the_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "catalogue" / "templates").mkdir(parents=True)
    (tmp_path / "templates").mkdir()
    monkeypatch.setattr(paths, "PACKAGE_ROOT", tmp_path / "catalogue")
    assert paths.asset_folder("templates") == tmp_path / "catalogue" / "templates"


def test_missing_assets_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paths, "PACKAGE_ROOT", tmp_path / "catalogue")
    with pytest.raises(FileNotFoundError, match="'static'"):
        paths.asset_folder("static")
