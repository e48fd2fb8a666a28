"""The manifest: what is written is read again, and what is wrong is said in one line."""

import json
from pathlib import Path
from typing import Any

import pytest

from zoubian.models.registry.errors import ManifestError, RegistryError, WeightsError
from zoubian.models.registry.manifest import load_manifest, save_manifest, sha256_of

WEIGHTS = b"not really weights"


def document(**changes: Any) -> dict[str, Any]:
    return {
        "name": "tiny",
        "version": "1",
        "weights": "tiny.onnx",
        "sha256": "f1aaf18a8f7bbc5aaa9b1a5e3f2b44ef",
        "classes": ["bin", "litter"],
        "head": "one_to_many",
        "input_hw_px": [416, 640],
        "quantisation": "fp32",
        "thresholds": {"bin": 0.3, "litter": 0.5},
        "nms": {"iou": 0.7},
        "precision": {"bin": [[0.3, 0.6, 40], [0.6, 0.9, 20]]},
        "proven": {"bin": True, "litter": False},
        "metrics": {"map50": 0.7, "data": "drawn"},
        "licence": "AGPL-3.0-or-later",
        "attributions": ["照片：某人, CC BY 4.0"],
        "source_weights_sha256": None,
        "made_with": {"ultralytics": "8.4.190"},
    } | changes


def write_model(folder: Path, **changes: Any) -> Path:
    folder.mkdir(parents=True)
    (folder / "tiny.onnx").write_bytes(WEIGHTS)
    values = {"sha256": sha256_of(folder / "tiny.onnx")} | changes
    file = folder / "manifest.json"
    file.write_text(json.dumps(document(**values), ensure_ascii=False), encoding="utf-8")
    return file


def test_loads_typed_values_and_an_absolute_path(tmp_path: Path) -> None:
    manifest = load_manifest(write_model(tmp_path / "tiny"))
    assert manifest.weights == (tmp_path / "tiny" / "tiny.onnx").resolve()
    assert manifest.input_hw_px == (416, 640)
    assert manifest.classes == ("bin", "litter")
    assert manifest.precision["bin"][1].n == 20


def test_takes_the_folder_for_the_file(tmp_path: Path) -> None:
    file = write_model(tmp_path / "tiny")
    assert load_manifest(file.parent) == load_manifest(file)


def test_writes_what_it_read(tmp_path: Path) -> None:
    file = write_model(tmp_path / "tiny")
    before = json.loads(file.read_text(encoding="utf-8"))
    save_manifest(load_manifest(file), file)
    assert json.loads(file.read_text(encoding="utf-8")) == before
    assert sorted(f.name for f in file.parent.iterdir()) == ["manifest.json", "tiny.onnx"]


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"name": "../escape"}, "name"),
        ({"name": ""}, "name"),
        ({"classes": ["bin", "bin"]}, "classes"),
        ({"classes": []}, "classes"),
        ({"head": "three_headed"}, "three_headed"),
        ({"quantisation": "fp4"}, "fp4"),
        ({"input_hw_px": [416]}, "input_hw_px"),
        ({"input_hw_px": [0, 416]}, "input_hw_px"),
        ({"thresholds": {"bin": 0.3}}, "thresholds"),
        ({"thresholds": {"bin": 0.3, "litter": 1.5}}, "between 0 and 1"),
        ({"thresholds": [0.3, 0.5]}, "wrong kind"),
        ({"nms": {}}, "wrong kind"),
        ({"precision": {"car": []}}, "precision"),
        ({"precision": {"bin": [[0.6, 0.9, 20], [0.3, 0.6, 40]]}}, "sorted"),
        ({"precision": {"bin": [[0.6, 0.9]]}}, "wrong kind"),
        ({"surprise": 1}, "surprise"),
    ],
)
def test_refuses_what_it_cannot_use(tmp_path: Path, changes: dict[str, Any], says: str) -> None:
    file = write_model(tmp_path / "tiny", **changes)
    with pytest.raises(ManifestError, match=says) as caught:
        load_manifest(file)
    assert "\n" not in caught.value.message_en
    assert "清单有误" in caught.value.message_zh


@pytest.mark.parametrize("text", ["", "[]", "{", "null"])
def test_refuses_what_is_no_manifest(tmp_path: Path, text: str) -> None:
    file = tmp_path / "manifest.json"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ManifestError):
        load_manifest(file)


def test_a_missing_manifest_is_said(tmp_path: Path) -> None:
    with pytest.raises(ManifestError, match="no such manifest"):
        load_manifest(tmp_path / "manifest.json")


def test_other_weights_than_the_manifest_speaks_of_are_refused(tmp_path: Path) -> None:
    file = write_model(tmp_path / "tiny")
    (file.parent / "tiny.onnx").write_bytes(WEIGHTS + b" cut or changed")
    with pytest.raises(WeightsError, match="sha256"):
        load_manifest(file)


def test_missing_weights_are_a_registry_error(tmp_path: Path) -> None:
    file = write_model(tmp_path / "tiny")
    (file.parent / "tiny.onnx").unlink()
    with pytest.raises(RegistryError, match="no weights"):
        load_manifest(file)
