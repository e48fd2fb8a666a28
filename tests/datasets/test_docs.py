"""The documents say what the tables say, and the examples in the code run."""

import doctest
from pathlib import Path
from types import ModuleType

import pytest

from zoubian.datasets.classes import lookup, suggested_categories, visual_classes
from zoubian.datasets.formats import yolo

DOCS = Path(__file__).resolve().parents[2] / "docs"


def _rows() -> list[str]:
    return [
        f"| {seen.spot_group} | `{seen.id}` | {seen.name_zh} | {'yes' if seen.problem else 'no'} "
        f"| {seen.basis} | {' · '.join(_named(seen.id)) or '—'} |"
        for seen in visual_classes()
    ]


def _named(class_id: str) -> list[str]:
    return [f"{s.category.number} {s.category.name_zh}" for s in suggested_categories(class_id)]


def test_the_table_of_visual_classes_is_that_of_the_data() -> None:
    text = (DOCS / "classes.md").read_text(encoding="utf-8")
    table = text.split("likeliest first |\n|---|---|---|---|---|---|\n")[1].split("\n\n")[0]
    assert table.splitlines() == _rows()


@pytest.mark.parametrize("module", [lookup, yolo], ids=lambda module: module.__name__)
def test_examples_in_docstrings_run(module: ModuleType) -> None:
    result = doctest.testmod(module)
    assert result.attempted > 0
    assert result.failed == 0
