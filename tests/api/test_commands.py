"""The other commands from the outside, and that each is documented."""

import runpy
from pathlib import Path

import click
import pytest

from zoubian.api.cli.main import cli

ROOT = Path(__file__).resolve().parents[2]
PHOTOS = ROOT / "datasets" / "sample"


def commands(group: click.Group, prefix: str = "zoubian") -> list[tuple[str, click.Command]]:
    found: list[tuple[str, click.Command]] = []
    for name, command in sorted(group.commands.items()):
        full = f"{prefix} {name}"
        if isinstance(command, click.Group):
            found += commands(command, full)
        else:
            found.append((full, command))
    return found


@pytest.mark.parametrize(("name", "command"), commands(cli), ids=lambda v: str(v))
def test_command_and_its_options_have_help(name: str, command: click.Command) -> None:
    assert command.help, name
    options = [p for p in command.params if isinstance(p, click.Option)]
    assert [p.name for p in options if not p.help] == []


def test_document_of_commands_is_up_to_date() -> None:
    made = runpy.run_path(str(ROOT / "docs" / "make_commands.py"))["page"]()
    assert (ROOT / "docs" / "commands.md").read_text(encoding="utf-8") == made


def test_models_are_listed(zoubian, tmp_path: Path) -> None:
    outcome = zoubian("models", "list", "--json", "--workspace", tmp_path)
    shipped = outcome.document()["models"]
    assert outcome.code == 0
    assert [model["name"] for model in shipped if model["default"]] == ["waste-n"]


def test_promoting_an_unknown_model_is_wrong_use(zoubian, tmp_path: Path) -> None:
    outcome = zoubian("models", "promote", "none-such", "--workspace", tmp_path)
    assert outcome.code == 2
    assert "none-such" in outcome.err


def test_suggestion_names_the_overflowing_bins(zoubian, tmp_path: Path) -> None:
    photo = next(iter(sorted(PHOTOS.glob("*three-bins*"))))
    document = zoubian("suggest", photo, "--json", "--workspace", tmp_path).document()
    assert set(document) == {"suggestions", "quality"}
    first = document["suggestions"][0]
    assert set(first) == {
        "category",
        "category_zh",
        "visual_class",
        "confidence",
        "precision",
        "box_xyxy_px",
    }
    assert first["category_zh"] in ("垃圾箱满溢", "生活垃圾清运不及时")
    assert document["quality"]["assessable"] is True


def test_unreadable_photo_is_told_in_one_line(zoubian, tmp_path: Path) -> None:
    (tmp_path / "x.jpg").write_bytes(b"\xff\xd8\xff\xe0 not a picture")
    outcome = zoubian("suggest", tmp_path / "x.jpg", "--workspace", tmp_path / "w")
    assert outcome.code == 1
    assert len(outcome.err.strip().splitlines()) == 1


def test_doctor_finds_this_machine_ready(zoubian, tmp_path: Path) -> None:
    outcome = zoubian("doctor", "--json", "--workspace", tmp_path)
    states = {check["name"]: check["state"] for check in outcome.document()["checks"]}
    assert outcome.code == 0, states
    assert states["model"] == "ok"


def test_bench_tells_every_figure(zoubian, tmp_path: Path) -> None:
    outcome = zoubian("bench", "--json", "--seconds", "0.5", "--rounds", "1")
    document = outcome.document()
    assert set(document) == {
        "raw_model_fps",
        "pipeline_fps",
        "ratio",
        "decode_fps",
        "footage_hours_per_core_hour",
        "rss_mb",
    }
    assert document["raw_model_fps"] > 0


def test_evaluation_of_a_small_data_set(zoubian, tmp_path: Path) -> None:
    from PIL import Image

    for part in ("images", "labels"):
        (tmp_path / "val" / part).mkdir(parents=True)
    Image.new("RGB", (64, 48), (120, 120, 120)).save(tmp_path / "val" / "images" / "a.png")
    (tmp_path / "val" / "labels" / "a.txt").write_text("0 0.5 0.5 0.5 0.5\n")
    (tmp_path / "data.yaml").write_text("train: val/images\nval: val/images\nnames: [bin, cow]\n")
    outcome = zoubian("evaluate", tmp_path / "data.yaml", "--json")
    document = outcome.document()
    assert set(document) == {"map50", "map50_95", "per_class"}
    assert set(document["per_class"]) == {"bin"}
    assert document["per_class"]["bin"]["boxes"] == 1
    assert document["per_class"]["bin"]["ap50"] == 0.0
