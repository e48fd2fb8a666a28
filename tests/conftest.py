"""Fixtures that more than one room uses."""

import os
from pathlib import Path

import pytest
from PIL import Image

PILLOW_OPEN = Image.open  # before anything imports ultralytics, which replaces it
ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def data_root() -> Path:
    """The shared real pictures; a test that asks for them is reported as not run without."""
    folder = Path(os.environ.get("ZOUBIAN_DATA", ROOT.parent / "shared" / "data"))
    if not (folder / "waste" / "data.yaml").exists():
        pytest.skip("not run: no ZOUBIAN_DATA")
    return folder


@pytest.fixture(autouse=True)
def _pillow_stays_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    """Importing ultralytics replaces PIL.Image.open; what a test imports must not reach others."""
    monkeypatch.setattr(Image, "open", PILLOW_OPEN)
