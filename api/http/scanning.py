"""One thread beside the requests that does the scans that wait."""

import logging
import threading

from zoubian.pipeline.bootstrap import Eye, Workspace, run_scans

logger = logging.getLogger(__name__)

_LOOK_S = 30.0  # besides being woken: what another process asked for, or left


class ScanRunner:
    """Does the scans of a workspace in the background."""

    def __init__(self, workspace: Workspace, eye: Eye) -> None:
        self._workspace = workspace
        self._eye = eye
        self._wanted = threading.Event()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="scans", daemon=True)

    def start(self) -> None:
        """Begin with what was left waiting."""
        self._wanted.set()
        self._thread.start()

    def wake(self) -> None:
        """A scan was asked for."""
        self._wanted.set()

    def close(self) -> None:
        """Stop before the next scan; one that runs goes on when the service starts again."""
        self._stopping.set()
        self._wanted.set()
        if self._thread.is_alive():
            self._thread.join(timeout=5)

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._wanted.wait(_LOOK_S)
            self._wanted.clear()
            if self._stopping.is_set():
                return
            try:
                run_scans(self._workspace, self._eye)
            except Exception:
                logger.exception("a scan failed")
