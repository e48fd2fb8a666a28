"""zoubian org as an IT person runs it; within this process, as starting one takes seconds."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from zoubian.api.cli.main import run


@dataclass(frozen=True, slots=True)
class Done:
    """How a command ended."""

    code: int
    out: str
    err: str

    def document(self) -> Any:
        return json.loads(self.out)


Zoubian = Callable[..., Done]


@pytest.fixture
def zoubian(capsys: pytest.CaptureFixture[str]) -> Zoubian:
    def command(*arguments: str | Path, lang: str = "zh") -> Done:
        code = run(["--lang", lang, *map(str, arguments)])
        said = capsys.readouterr()
        return Done(code, said.out, said.err)

    return command


@pytest.fixture
def example(zoubian: Zoubian, tmp_path: Path) -> list[Path]:
    folder = tmp_path / "example"
    assert zoubian("org", "example", "--out", folder).code == 0
    return sorted(folder.iterdir(), reverse=True)


def test_example_is_tried_loaded_and_loaded_again(
    zoubian: Zoubian, example: list[Path], tmp_path: Path
) -> None:
    load = ("org", "load", *example, "--workspace", tmp_path, "--json")
    tried = zoubian(*load, "--dry-run")
    first, again = zoubian(*load), zoubian(*load)
    assert [done.code for done in (tried, first, again)] == [0, 0, 0]
    documents = [done.document() for done in (tried, first, again)]
    assert [d["loaded"] for d in documents] == [False, True, True]
    assert [d["version"] for d in documents] == [None, 1, None]
    assert documents[0]["counts"] == documents[1]["counts"]
    assert documents[1]["counts"]["unit"] == {
        "added": 92, "changed": 0, "ended": 0, "unchanged": 0,
    }  # fmt: skip
    assert (len(documents[1]["changes"]), documents[2]["changes"]) == (905, [])


def test_wrong_rows_are_named_with_sheet_and_row_and_nothing_is_loaded(
    zoubian: Zoubian, example: list[Path], tmp_path: Path
) -> None:
    book = openpyxl.load_workbook(next(path for path in example if path.suffix == ".xlsx"))
    book["单位"]["D3"] = "城"
    book["人员"]["G5"] = "五月"
    path = tmp_path / "改.xlsx"
    book.save(path)
    done = zoubian("org", "load", path, "--workspace", tmp_path / "w")
    assert done.code == 3
    assert "改.xlsx:单位:3" in done.err
    assert "改.xlsx:人员:5" in done.err
    assert done.err.count("\n") == 3  # each error one line, and how many there are
    assert done.out == ""


def test_change_is_shown_before_and_after(
    zoubian: Zoubian, example: list[Path], tmp_path: Path
) -> None:
    load = ("org", "load", "--workspace", tmp_path)
    zoubian(*load, *example)
    book = openpyxl.load_workbook(next(path for path in example if path.suffix == ".xlsx"))
    old, book["单位"]["B2"] = book["单位"]["B2"].value, "新名街道（示例）"
    path = tmp_path / "改.xlsx"
    book.save(path)
    done = zoubian(*load, path, "--dry-run", lang="en")
    assert done.code == 0
    assert f"changed: 单位 JD001: 名称：{old} → 新名街道（示例）" in done.err
    assert "dry run" in done.err


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("org", "load"), 2),
        (("org", "load", "no-such-file.xlsx"), 2),
        (("org", "load", __file__), 3),
        (("org", "load", __file__, "--as-of", "2999-01-01"), 2),
        (("org", "template", "--out", "template.txt"), 2),
    ],
)
def test_wrong_use_is_told(
    zoubian: Zoubian, arguments: tuple[str, ...], code: int, tmp_path: Path
) -> None:
    workspace = ("--workspace", tmp_path) if "load" in arguments else ()
    done = zoubian(*arguments, *workspace)
    assert (done.code, done.out) == (code, "")
    assert "Traceback" not in done.err


def test_template_can_be_loaded_as_it_is(zoubian: Zoubian, tmp_path: Path) -> None:
    path = tmp_path / "new" / "template.xlsx"
    assert zoubian("org", "template", "--out", path).code == 0
    done = zoubian("org", "load", path, "--workspace", tmp_path)
    assert done.code == 0
    assert "没有变化" in done.err
