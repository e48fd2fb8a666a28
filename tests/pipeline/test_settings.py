"""Settings: from the environment, with a description each, and no typo goes unnoticed."""

from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from zoubian.pipeline.settings import Settings


def test_reads_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZOUBIAN_WORKSPACE", "/srv/走遍")
    monkeypatch.setenv("ZOUBIAN_CHILDREN", "4")
    settings = Settings()
    assert (settings.workspace, settings.children) == (Path("/srv/走遍"), 4)


@pytest.mark.parametrize(
    "given",
    [
        {"worksapce": "x"},
        {"children": 0},
        {"store_score": 1.0},
        {"niceness": 20},
    ],
    ids=str,
)
def test_refuses_typos_and_absurd_values(given: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Settings(**given)


def test_every_setting_is_described() -> None:
    assert [name for name, field in Settings.model_fields.items() if not field.description] == []
