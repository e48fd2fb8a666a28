"""A training that is cut off goes on where it was; tiny, drawn by code, a minute of CPU at most."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

RECIPE = """
name: tiny
data: set/data.yaml
start: yolo11n.yaml
seed: 1
stages:
  - {name: first, imgsz: 64, epochs: 3, batch: 4, warmup_epochs: 0}
  - {name: second, imgsz: 96, epochs: 1, batch: 4, warmup_epochs: 0, ema_updates: 4}
release: {problems: [square], told_classes: [square], quiet_share: 0.9, photo_quiet_share: 0.9,
  attributions: []}
"""


def draw_dataset(folder: Path) -> None:
    """Eight grey pictures with one square each."""
    for split in ("train", "val"):
        for part in ("images", "labels"):
            (folder / split / part).mkdir(parents=True)
        for number in range(8):
            picture = Image.new("RGB", (64, 64), (90, 90, 90))
            left = 4 + 5 * number
            ImageDraw.Draw(picture).rectangle((left, 20, left + 20, 40), fill=(220, 60, 20))
            picture.save(folder / split / "images" / f"{number}.png")
            centre = (left + 10) / 64
            label = folder / split / "labels" / f"{number}.txt"
            label.write_text(f"0 {centre:.4f} 0.47 0.31 0.31\n")
    (folder / "data.yaml").write_text("train: train/images\nval: val/images\nnames: [square]\n")


@pytest.mark.train
def test_killed_training_goes_on_at_the_last_epoch(tmp_path: Path) -> None:
    pytest.importorskip("ultralytics", reason="not run: the training half is not installed")
    draw_dataset(tmp_path / "set")
    recipe = tmp_path / "tiny.yaml"
    recipe.write_text(RECIPE)
    out = tmp_path / "run"
    command = [sys.executable, "-c", "from zoubian.api.cli.main import main; main()", "train"]
    command += [str(recipe), "--data", str(tmp_path), "--out", str(out), "--device", "cpu"]
    progress = out / "progress.json"
    process = subprocess.Popen(command, start_new_session=True, stdout=subprocess.DEVNULL)
    deadline = time.monotonic() + 240
    while not progress.exists() and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.02)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    killed_at = json.loads(progress.read_text())
    assert killed_at["stage"] == "0-first"

    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)

    assert done.returncode == 0, done.stderr[-800:]
    first = json.loads((out / "0-first" / "done.json").read_text())
    assert (first["epoch"], first["epochs_this_run"]) == (3, 3 - killed_at["epoch"])
    assert json.loads(progress.read_text())["stage"] == "1-second"
    assert (out / "1-second" / "weights" / "last.pt").exists()
    epochs = (out / "0-first" / "results.csv").read_text().strip().splitlines()[1:]
    assert [int(float(row.split(",")[0])) for row in epochs] == [1, 2, 3]
    passed_on = (out / "tiny.pt").read_bytes()
    assert len(passed_on) < (out / "1-second" / "weights" / "last.pt").stat().st_size
    assert str(tmp_path).encode() not in passed_on
