"""The examples in the docstrings of the pure modules are true."""

import doctest
import importlib

import pytest


@pytest.mark.parametrize(
    "module",
    [
        "zoubian.pipeline.deadlines.notation",
        "zoubian.pipeline.dispatch.urging",
        "zoubian.pipeline.dispatch.wrapping",
        "zoubian.pipeline.domain.clocks",
        "zoubian.pipeline.domain.local_time",
    ],
)
def test_docstring_examples_hold(module: str) -> None:
    result = doctest.testmod(importlib.import_module(module))
    assert result.attempted > 0
    assert result.failed == 0
