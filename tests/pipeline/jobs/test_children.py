"""Supervised children: what they die of is told, and the next request gets a new one."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from zoubian.pipeline.jobs.children import (
    ChildCrashedError,
    ChildError,
    ChildLimits,
    ChildOutOfMemoryError,
    ChildStartError,
    ChildTimedOutError,
    SupervisedChild,
)

HERE = Path(__file__).parent
LIMITS = {"memory_bytes": 400 << 20, "niceness": 3, "start_s": 30.0}


@pytest.fixture
def limits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ChildLimits:
    monkeypatch.syspath_prepend(HERE)  # children inherit it
    return ChildLimits(**LIMITS, log=tmp_path / "logs" / "children.log")


@pytest.fixture
def child(limits: ChildLimits) -> Iterator[SupervisedChild]:
    child = SupervisedChild("child_handlers:make", None, limits=limits)
    yield child
    child.close()


def _ask(child: SupervisedChild, what: str, value: object = None, silence_s: float = 20) -> list:
    return list(child.stream((what, value), silence_s=silence_s))


def test_answers_any_number_of_times_and_stays_warm(child: SupervisedChild) -> None:
    assert _ask(child, "echo", [1, {"路": "东"}, None]) == [1, {"路": "东"}, None]
    assert _ask(child, "echo", []) == []
    assert _ask(child, "pid") == _ask(child, "pid") != [os.getpid()]


@pytest.mark.parametrize(
    ("what", "value", "silence_s", "error"),
    [
        ("abort", None, 20, ChildCrashedError),
        ("exit", None, 20, ChildCrashedError),
        ("raise", None, 20, ChildCrashedError),
        ("hang", 60, 1, ChildTimedOutError),
        ("allocate", 500 << 20, 20, ChildOutOfMemoryError),
    ],
)
def test_tells_what_went_wrong_and_serves_the_next(
    child: SupervisedChild, what: str, value: object, silence_s: float, error: type[ChildError]
) -> None:
    started = time.monotonic()
    with pytest.raises(error):
        _ask(child, what, value, silence_s)
    assert time.monotonic() - started < 15
    assert _ask(child, "echo", ["still here"]) == ["still here"]


def test_answers_before_a_crash_are_not_lost(child: SupervisedChild) -> None:
    answers = child.stream(("abort", None), silence_s=20)
    assert next(answers) == "before"
    with pytest.raises(ChildCrashedError, match="code -6"):
        next(answers)


def test_an_unfinished_request_does_not_answer_the_next(child: SupervisedChild) -> None:
    answers = child.stream(("echo", [1, 2, 3]), silence_s=20)
    assert next(answers) == 1
    answers.close()
    assert _ask(child, "echo", ["other"]) == ["other"]


def test_a_child_killed_while_idle_is_replaced(child: SupervisedChild) -> None:
    (pid,) = _ask(child, "pid")
    os.kill(pid, signal.SIGKILL)
    with pytest.raises(ChildCrashedError):
        _ask(child, "pid")
    assert _ask(child, "pid") != [pid]


def test_memory_below_the_limit_is_given(child: SupervisedChild) -> None:
    assert _ask(child, "allocate", 200 << 20) == [200 << 20]


def test_steps_back(child: SupervisedChild) -> None:
    assert _ask(child, "nice") == [os.nice(0) + LIMITS["niceness"]]


def test_its_output_goes_to_the_log(
    child: SupervisedChild, limits: ChildLimits, capfd: pytest.CaptureFixture[str]
) -> None:
    assert _ask(child, "print") == ["printed"]
    with pytest.raises(ChildCrashedError, match="ValueError: two lines"):
        _ask(child, "raise")
    log = limits.log.read_text(encoding="utf-8")
    assert "on stdout\n" in log and "native on stdout\n" in log and "Traceback" in log
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("config", "message_zh", "message_en"),
    [
        ("broken", "模型损坏", "the model is damaged"),
        ("abort", "分析进程无法启动", "the analysing process cannot start"),
    ],
)
def test_a_handler_that_cannot_be_loaded_blames_no_request(
    limits: ChildLimits, config: str, message_zh: str, message_en: str
) -> None:
    child = SupervisedChild("child_handlers:make", config, limits=limits)
    with pytest.raises(ChildStartError) as caught:
        _ask(child, "echo", [])
    assert caught.value.message_zh.startswith(message_zh)
    assert caught.value.message_en.startswith(message_en)


def test_whoever_waits_may_stop(limits: ChildLimits) -> None:
    def stop() -> None:
        if started:
            raise InterruptedError

    started: list[bool] = []
    child = SupervisedChild("child_handlers:make", None, limits=limits, on_wait=stop)
    child.start()
    started.append(True)
    before = time.monotonic()
    with pytest.raises(InterruptedError):
        _ask(child, "hang", 60)
    assert time.monotonic() - before < 10


def test_a_child_ends_with_its_killed_parent(tmp_path: Path) -> None:
    """The child is in the middle of work: it must not go on writing."""
    ticks = tmp_path / "ticks"
    script = f"""
import sys
from pathlib import Path
sys.path.insert(0, {str(HERE)!r})
from zoubian.pipeline.jobs.children import ChildLimits, SupervisedChild
if __name__ == "__main__":
    limits = ChildLimits(0, 0, 30.0, Path({str(tmp_path / "log")!r}))
    list(SupervisedChild("child_handlers:make", None, limits=limits).stream(
        ("tick", {str(ticks)!r}), silence_s=60))
"""
    program = tmp_path / "parent.py"
    program.write_text(script, encoding="utf-8")
    parent = subprocess.Popen([sys.executable, str(program)])
    deadline = time.monotonic() + 20
    while not ticks.exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    parent.kill()
    parent.wait()
    time.sleep(0.5)
    written = ticks.stat().st_size
    assert 0 < written < 150
    time.sleep(0.5)
    assert ticks.stat().st_size == written
