"""What a note of the last run is used for, and what not."""

import runpy
from pathlib import Path
from types import ModuleType

import pytest

from harvesters import hdruk_answers, last_run, rdf_records
from schemas.crosswalks import dates, hdruk
from schemas.validation import json_text


@pytest.mark.parametrize("module", [hdruk_answers, rdf_records, hdruk, dates, json_text])
def test_a_note_is_for_the_code_that_takes_records_out_of_documents(
    monkeypatch: pytest.MonkeyPatch, module: ModuleType
) -> None:
    """Whoever changes how identifiers or dates are found has documents read again that were read the old way."""
    changed, read_bytes = module.__file__, Path.read_bytes
    assert runpy.run_path(last_run.__file__)["REVISION"] == last_run.REVISION
    monkeypatch.setattr(Path, "read_bytes", lambda path: read_bytes(path) + b"#" * (str(path) == changed))
    assert runpy.run_path(last_run.__file__)["REVISION"] != last_run.REVISION
