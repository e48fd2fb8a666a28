"""The examples in the docstrings of pure modules are true."""

import doctest
import importlib

import pytest


@pytest.mark.parametrize(
    "module",
    [
        "zoubian.detector.detections",
        "zoubian.detector.letterbox",
        "zoubian.detector.nms",
        "zoubian.detector.pictures",
        "zoubian.detector.slicing",
        "zoubian.models.registry.precision",
    ],
)
def test_docstring_examples_hold(module: str) -> None:
    result = doctest.testmod(importlib.import_module(module))
    assert result.attempted > 0
    assert result.failed == 0
