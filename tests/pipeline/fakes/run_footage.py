"""Scans footage with the fake finder, so that tests can kill it: WORKSPACE FOOTAGE SLOW_S."""

import sys
from pathlib import Path

from fake_eye import fake_workspace, footage_eye, scan_photos

if __name__ == "__main__":
    folder, footage, slow_s = Path(sys.argv[1]), Path(sys.argv[2]), float(sys.argv[3])
    scan_photos(
        fake_workspace(folder, segment_seconds=10.0),
        footage,
        eye=footage_eye(folder, slow_s=slow_s),
        on_progress=lambda progress: print(progress.stage, flush=True),  # noqa: T201
    )
