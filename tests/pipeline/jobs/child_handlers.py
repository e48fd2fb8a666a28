"""Handlers that misbehave, for children of tests; imported inside the child by their names."""

import os
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any


class BilingualError(Exception):
    message_zh = "模型损坏"
    message_en = "the model is damaged"


def make(config: Any) -> Callable[[Any], Iterator[Any]]:
    """A handler that does what its request says."""
    if config == "broken":
        raise BilingualError
    if config == "abort":
        os.abort()
    return _answer


def _answer(request: tuple[str, Any]) -> Iterator[Any]:
    what, value = request
    if what == "echo":
        yield from value
    elif what == "pid":
        yield os.getpid()
    elif what == "nice":
        yield os.nice(0)
    elif what == "abort":
        yield "before"
        os.abort()
    elif what == "exit":
        os._exit(3)
    elif what == "hang":
        time.sleep(value)
    elif what == "allocate":
        yield len(bytearray(value))
    elif what == "raise":
        raise ValueError("two\nlines")
    elif what == "print":
        print("on stdout")  # noqa: T201
        os.write(1, b"native on stdout\n")
        sys.stdout.flush()
        yield "printed"
    elif what == "tick":
        for _ in range(200):
            with Path(value).open("a") as stream:
                stream.write(".")
            time.sleep(0.05)
