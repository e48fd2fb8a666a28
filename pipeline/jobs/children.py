"""A supervised child: untrusted media and native code run where they can do no harm.

The child is spawned, never forked (a runtime's threads do not survive a fork). It steps back, has a
memory limit, and answers requests over a pipe. What it says is JSON, so that the parent never
unpickles the words of a process that opened a stranger's file.
"""

import json
import multiprocessing
import signal
import sys
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from zoubian.pipeline.jobs.child_main import run_child

# The parent looks up from a silent pipe this often, to renew leases and to stop.
_LOOK_UP_S = 0.25


@dataclass(frozen=True, slots=True)
class ChildLimits:
    """What one child may take.

    Attributes:
        memory_bytes: private writable memory (RLIMIT_DATA), 0 for no limit.
        niceness: 0 (none) to 19.
        start_s: time to load whatever the handler needs.
        log: where the child's output goes, native libraries' warnings too.
    """

    memory_bytes: int
    niceness: int
    start_s: float
    log: Path


class ChildError(Exception):
    """A child gave no answer; `code` is stable and for programs."""

    code = "crashed"


class ChildCrashedError(ChildError):
    """The child died: a native crash, or somebody killed it."""


class ChildTimedOutError(ChildError):
    """The child was silent for too long and was killed."""

    code = "timed_out"


class ChildOutOfMemoryError(ChildError):
    """The child needed more memory than it may take."""

    code = "out_of_memory"


class ChildStartError(Exception):
    """The child could not even load its handler: no request is to blame.

    Attributes:
        kind: the class name of the error in the child, or the code of its death.
        message_zh, message_en: one line for people.
    """

    def __init__(self, kind: str, message_zh: str, message_en: str) -> None:
        super().__init__(f"{kind}: {message_en}")
        self.kind = kind
        self.message_zh = message_zh
        self.message_en = message_en


class SupervisedChild:
    """A handler in a process of its own, started when first needed and again after a death.

    Args:
        factory: "package.module:name" of a callable that is given `config` and returns the
            handler; the handler is given a request and yields answers that JSON can carry.
        config: what the factory is given; it must be picklable.
        limits: what the child may take.
        on_wait: called a few times a second while the child works; what it raises ends the
            request.

    Not for use from two threads at once.
    """

    def __init__(
        self,
        factory: str,
        config: object,
        *,
        limits: ChildLimits,
        on_wait: Callable[[], None] = lambda: None,
    ) -> None:
        self._factory = factory
        self._config = config
        self._limits = limits
        self._on_wait = on_wait
        self._process: BaseProcess | None = None
        self._pipe: Connection | None = None

    def start(self) -> None:
        """Start the child and wait until its handler is loaded; nothing to do when it runs.

        Raises:
            ChildStartError: it cannot be loaded.
        """
        if self._process is not None:
            return
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(
            target=run_child,
            args=(
                theirs,
                self._factory,
                self._config,
                self._limits.memory_bytes,
                self._limits.niceness,
                self._limits.log,
            ),
            daemon=True,
        )
        with _interrupts_blocked():
            self._process.start()
        theirs.close()  # so that the pipe ends when the child does
        try:
            said = self._receive(self._limits.start_s)
        except ChildError as error:
            raise ChildStartError(
                error.code,
                f"分析进程无法启动（{error}），详见 {self._limits.log}",
                f"the analysing process cannot start ({error}); see {self._limits.log}",
            ) from error
        except BaseException:
            self.close()
            raise
        if "ready" not in said:
            self.close()
            raise ChildStartError(said["error"], said["message_zh"], said["message_en"])

    def stream(self, request: object, *, silence_s: float) -> Generator[Any, None, None]:
        """Hand over a request and yield the answers as they come.

        Args:
            silence_s: longest wait for the next answer.

        Raises:
            ChildError: no further answer will come; the next request gets a new child.
            ChildStartError: as in `start`.
        """
        self.start()
        said: dict[str, Any] = {}
        try:
            self._send(request)
            while "answer" in (said := self._receive(silence_s)):
                yield said["answer"]
        finally:
            if "end" not in said:
                self.close()  # the rest of the answers must not reach the next request
        if "error" in said:
            raise ChildCrashedError(f"{said['error']}: {said['message_en']}")

    def close(self) -> None:
        """Kill the child, if it runs."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.join()
            process.close()
        if self._pipe is not None:
            self._pipe.close()
            self._pipe = None

    def _send(self, request: object) -> None:
        assert self._pipe is not None
        try:
            self._pipe.send(request)
        except OSError as error:  # the child died while it was idle
            raise self._death() from error

    def _receive(self, silence_s: float) -> dict[str, Any]:
        deadline = time.monotonic() + silence_s
        while not self._has_spoken():
            if time.monotonic() > deadline:
                self.close()
                raise ChildTimedOutError(f"no answer within {silence_s:g} s")
            self._on_wait()
        assert self._pipe is not None
        try:
            said: dict[str, Any] = json.loads(self._pipe.recv_bytes())
        except (EOFError, OSError) as error:
            raise self._death() from error
        if said.get("error") == "MemoryError":
            self.close()
            raise ChildOutOfMemoryError("the child reached its memory limit")
        return said

    def _has_spoken(self) -> bool:
        """Wait a little for the child to say something or to die."""
        assert self._pipe is not None
        try:
            return self._pipe.poll(_LOOK_UP_S)
        except OSError:
            return True  # reading will tell

    def _death(self) -> ChildCrashedError:
        assert self._process is not None
        self._process.join(timeout=5)
        exit_code = self._process.exitcode
        self.close()
        return ChildCrashedError(f"the child ended with code {exit_code}")


@contextmanager
def _interrupts_blocked() -> Iterator[None]:
    """What is started in this block inherits that Ctrl-C, which goes to all processes of a
    terminal, does not reach it: the parent decides, from the child's first moment on."""
    if sys.platform == "win32":
        yield
        return
    # Starting a first child starts multiprocessing's tracker too, which unblocks what we block.
    resource_tracker.ensure_running()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
