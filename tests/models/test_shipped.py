"""The models that come with the product are whole, and their cards say what their manifests say."""

from pathlib import Path

import pytest

from zoubian.models.registry.manifest import Manifest
from zoubian.models.registry.service import default_name, shipped_models
from zoubian.training.card import card

MAX_BYTES = 20_000_000


@pytest.mark.parametrize("manifest", shipped_models(), ids=lambda m: m.name)
def test_model_is_small_and_licensed(manifest: Manifest) -> None:
    assert manifest.weights.stat().st_size < MAX_BYTES
    assert manifest.licence == "AGPL-3.0-or-later"
    assert any("CC BY 4.0" in line for line in manifest.attributions)


@pytest.mark.parametrize("manifest", shipped_models(), ids=lambda m: m.name)
@pytest.mark.parametrize(("lang", "file"), [("en", "card.md"), ("zh", "card.zh.md")])
def test_card_is_written_from_the_manifest(manifest: Manifest, lang: str, file: str) -> None:
    written = Path(manifest.weights.parent / file).read_text(encoding="utf-8")
    assert written == card(manifest, lang=lang)


def test_default_model_is_shipped() -> None:
    assert default_name(None) in [manifest.name for manifest in shipped_models()]
