"""The child's side: limits itself, loads its handler, answers requests until its parent is gone."""

import contextlib
import importlib
import json
import logging
import os
import queue
import sys
import threading
from collections.abc import Callable, Iterable
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

logger = logging.getLogger(__name__)

_LOG_BYTES = 5_000_000  # the log of an earlier child is thrown away beyond this


def run_child(
    pipe: Connection, factory: str, config: object, memory_bytes: int, niceness: int, log: Path
) -> None:
    """Load `factory` ("package.module:name") and serve requests; returns never."""
    _redirect_output(log)
    _limit_itself(memory_bytes, niceness)
    requests: queue.SimpleQueue[Any] = queue.SimpleQueue()
    # Its own thread, so that a working child notices at once that its parent is gone.
    threading.Thread(target=_read_requests, args=(pipe, requests), daemon=True).start()
    try:
        handler = _load(factory)(config)
    except Exception as error:
        logger.exception("cannot load %s", factory)
        _say(pipe, _error(error))
        return
    _say(pipe, {"ready": True})
    while True:
        _serve(pipe, handler, requests.get())


def _serve(pipe: Connection, handler: Callable[[Any], Iterable[Any]], request: Any) -> None:
    try:
        for answer in handler(request):
            _say(pipe, {"answer": answer})
    except Exception as error:
        logger.exception("request failed")
        _say(pipe, _error(error))
    else:
        _say(pipe, {"end": True})


def _read_requests(pipe: Connection, requests: "queue.SimpleQueue[Any]") -> None:
    with contextlib.suppress(EOFError, OSError):
        while True:
            requests.put(pipe.recv())
    os._exit(0)  # no clean-up: native threads may hang, and nothing is half-written


def _say(pipe: Connection, words: dict[str, Any]) -> None:
    try:
        pipe.send_bytes(json.dumps(words, allow_nan=False).encode())
    except OSError:
        os._exit(0)


def _error(error: Exception) -> dict[str, str]:
    kind = "MemoryError" if isinstance(error, MemoryError) else type(error).__name__
    text = " ".join(str(error).split())
    return {
        "error": kind,
        "message_zh": getattr(error, "message_zh", text),
        "message_en": getattr(error, "message_en", text),
    }


def _load(factory: str) -> Callable[[object], Callable[[Any], Iterable[Any]]]:
    module, _, name = factory.partition(":")
    loaded: Callable[[object], Callable[[Any], Iterable[Any]]] = getattr(
        importlib.import_module(module), name
    )
    return loaded


def _redirect_output(log: Path) -> None:
    """Send output to the log: native libraries write what a document on stdout must not hold."""
    log.parent.mkdir(parents=True, exist_ok=True)
    fresh = log.exists() and log.stat().st_size > _LOG_BYTES
    with log.open("wb" if fresh else "ab") as stream:
        os.dup2(stream.fileno(), 1)
        os.dup2(stream.fileno(), 2)
    logging.basicConfig(
        stream=sys.stderr, format="%(asctime)s %(process)d %(levelname)s %(name)s: %(message)s"
    )


def _limit_itself(memory_bytes: int, niceness: int) -> None:
    if sys.platform == "win32":
        return  # no such limits there
    import resource

    os.nice(niceness)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if memory_bytes:
        # Not the address space: runtimes reserve far more of it than they use.
        resource.setrlimit(resource.RLIMIT_DATA, (memory_bytes, memory_bytes))
    # When the machine runs out of memory, the kernel shall take a child, not the parent.
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("500", encoding="ascii")
