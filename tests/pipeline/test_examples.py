"""The examples in the pipeline's docstrings are true."""

import doctest
import importlib
from pathlib import Path

import pytest

PIPELINE = Path(__file__).resolve().parents[2] / "pipeline"
WITH_EXAMPLES = sorted(
    path.relative_to(PIPELINE).with_suffix("").as_posix().replace("/", ".")
    for path in PIPELINE.rglob("*.py")
    if ">>> " in path.read_text(encoding="utf-8")
)


@pytest.mark.parametrize("name", WITH_EXAMPLES)
def test_examples_hold(name: str) -> None:
    result = doctest.testmod(importlib.import_module(f"zoubian.pipeline.{name}"))
    assert result.attempted and not result.failed
