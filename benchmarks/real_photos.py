"""Where the real photos lie, and which of them tell figures."""

import csv
import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def data_root() -> Path:
    """The folder of the shared pictures: ZOUBIAN_DATA, else beside the project.

    Raises:
        SystemExit: it is not there.
    """
    folder = Path(os.environ.get("ZOUBIAN_DATA", ROOT.parent / "shared" / "data"))
    if not (folder / "waste" / "data.yaml").exists():
        raise SystemExit(f"not measured: no real photos at {folder} (set ZOUBIAN_DATA)")
    return folder


def report_half() -> frozenset[str]:
    """Names of the validation photos that figures are told on."""
    with (data_root() / "waste" / "val_use.csv").open(encoding="utf-8", newline="") as file:
        return frozenset(row["file"] for row in csv.DictReader(file) if row["use"] == "report")
