"""Recipes: what is read, and what is refused with a line that names the fault."""

from pathlib import Path

import pytest
import yaml

from zoubian.training.errors import RecipeError
from zoubian.training.recipe import load_recipe

ROOT = Path(__file__).resolve().parents[2]

GOOD = {
    "name": "tiny",
    "data": "data.yaml",
    "start": "yolo11n.yaml",
    "seed": 1,
    "stages": [{"name": "one", "imgsz": 64, "epochs": 1, "batch": 2}],
    "release": {
        "problems": ["pile"],
        "told_classes": ["pile"],
        "quiet_share": 0.9,
        "photo_quiet_share": 0.9,
        "attributions": [],
    },
}


@pytest.mark.parametrize("path", sorted((ROOT / "training" / "recipes").glob("*.yaml")), ids=str)
def test_shipped_recipes_can_be_read(path: Path) -> None:
    recipe = load_recipe(path)
    assert recipe.name == path.stem
    assert recipe.terms.problems


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"stages": []}, "no stage"),
        ({"seeds": 3}, "seeds"),
        ({"stages": [{"name": "one", "imgsz": 64}]}, "epochs"),
        ({"release": {"problems": []}}, "release"),
    ],
)
def test_faulty_recipe_is_refused_by_field(tmp_path: Path, change: dict, named: str) -> None:
    path = tmp_path / "r.yaml"
    path.write_text(yaml.safe_dump({**GOOD, **change}))
    with pytest.raises(RecipeError, match=named) as told:
        load_recipe(path)
    assert str(path) in told.value.message_zh


def test_text_that_is_no_yaml_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "r.yaml"
    path.write_text("name: [unclosed")
    with pytest.raises(RecipeError, match="YAML"):
        load_recipe(path)
