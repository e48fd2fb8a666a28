"""Speed of the whole path: against the bare model, and against `yolo predict`.

python benchmarks/speed.py [--json]
"""

import argparse
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from figures import Figure, tell

from zoubian.models.registry.service import find_model

HERE = Path(__file__).resolve().parent
CHECKPOINTS = HERE.parent / "training" / "checkpoints"
COMMAND = (sys.executable, "-c", "from zoubian.api.cli.main import main; main()")


def document(*command: str) -> dict[str, Any]:
    """The JSON document a command prints.

    Raises:
        subprocess.CalledProcessError: the command failed.
    """
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    parsed: dict[str, Any] = json.loads(done.stdout)
    return parsed


def measure() -> list[Figure]:
    """Measure the default model."""
    manifest = find_model(None, None)
    bench = document(*COMMAND, "bench", "--json")
    against = document(
        sys.executable,
        str(HERE / "against_ultralytics.py"),
        "--checkpoint",
        str(CHECKPOINTS / f"{manifest.name}.pt"),
        "--model",
        manifest.name,
        "--json",
    )
    fps = {name: row["fps"] for name, row in against["contenders"].items()}
    remark = f"{manifest.quantisation}, {manifest.input_hw_px[1]} px; frames/s: {fps}"
    own, same = against["ratios"].values()
    return [
        Figure("bench: whole path / bare model", bench["ratio"], 0.85, remark=str(bench)),
        Figure("times `yolo predict` as a user runs it", own, 3.5, remark=remark),
        Figure("times `yolo predict`, same number of threads", same, 2.5),
    ]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    sys.exit(tell(measure(), as_json=parser.parse_args().json))
