"""Which model is found under which name."""

import json
import pickle
from pathlib import Path

import pytest

from zoubian.models.registry import service
from zoubian.models.registry.errors import RegistryError, UnknownModelError
from zoubian.models.registry.manifest import sha256_of


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    add_model(tmp_path, "mine")
    add_model(tmp_path, "other")
    return tmp_path


def add_model(workspace: Path, name: str) -> None:
    folder = workspace / "models" / name
    folder.mkdir(parents=True)
    weights = folder / "w.onnx"
    weights.write_bytes(name.encode())
    manifest = {
        "name": name,
        "version": "1",
        "weights": "w.onnx",
        "sha256": sha256_of(weights),
        "classes": ["bin"],
        "head": "end_to_end",
        "input_hw_px": [320, 320],
        "quantisation": "int8",
        "thresholds": {"bin": 0.3},
        "nms": {"iou": 0.7},
        "precision": {},
        "proven": {"bin": False},
        "metrics": {},
        "licence": "AGPL-3.0-or-later",
        "attributions": [],
        "source_weights_sha256": None,
        "made_with": {},
    }
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")


def test_finds_a_model_of_the_workspace_by_name(workspace: Path) -> None:
    assert service.find_model("other", workspace).name == "other"


def test_lists_the_workspace_by_name_and_the_damaged_apart(workspace: Path) -> None:
    (workspace / "models" / "other" / "w.onnx").write_bytes(b"cut")
    good, problems = service.workspace_models(workspace)
    assert [m.name for m in good] == ["mine"]
    assert ["other" in p.message_en for p in problems] == [True]


def test_an_empty_workspace_has_no_models(tmp_path: Path) -> None:
    assert service.workspace_models(tmp_path) == ((), ())


@pytest.mark.parametrize("name", ["absent", "../mine", "mine/..", "models"])
def test_an_unknown_name_tells_the_known_ones(workspace: Path, name: str) -> None:
    with pytest.raises(UnknownModelError, match="mine") as caught:
        service.find_model(name, workspace)
    assert "没有名为" in caught.value.message_zh


def test_promoting_makes_a_model_the_default(workspace: Path) -> None:
    service.promote("other", workspace=workspace)
    assert service.find_model(None, workspace).name == "other"
    service.promote("mine", workspace=workspace)
    assert service.find_model(None, workspace).name == "mine"


def test_a_damaged_model_is_not_promoted(workspace: Path) -> None:
    service.promote("mine", workspace=workspace)
    (workspace / "models" / "other" / "w.onnx").write_bytes(b"cut")
    with pytest.raises(RegistryError):
        service.promote("other", workspace=workspace)
    assert service.default_name(workspace) == "mine"


def test_errors_cross_processes(tmp_path: Path) -> None:
    with pytest.raises(UnknownModelError) as caught:
        service.find_model("absent", tmp_path)
    copy = pickle.loads(pickle.dumps(caught.value))
    assert type(copy) is UnknownModelError
    assert (copy.message_en, copy.message_zh) == (
        caught.value.message_en,
        caught.value.message_zh,
    )
