"""The command line as a user runs it, in a process of its own."""

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from zoubian.api.cli import main


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a command ended."""

    code: int
    out: str
    err: str

    def document(self) -> Any:
        """The one JSON document on standard output."""
        return json.loads(self.out)


Zoubian = Callable[..., Outcome]


@pytest.fixture(scope="session")
def zoubian() -> Zoubian:
    """Run `zoubian ...` and say how it ended."""

    def run(*arguments: str | Path, lang: str = "zh") -> Outcome:
        done = subprocess.run(
            [
                sys.executable,
                "-c",
                "from zoubian.api.cli.main import main; main()",
                "--lang",
                lang,
                *map(str, arguments),
            ],
            capture_output=True,
            text=True,
            timeout=240,
            check=False,
        )
        return Outcome(done.returncode, done.stdout, done.stderr)

    return run


@pytest.fixture
def zoubian_within(capsys: pytest.CaptureFixture[str]) -> Zoubian:
    """The same within this process, as starting one takes seconds."""

    def command(*arguments: str | Path, lang: str = "zh") -> Outcome:
        code = main.run(["--lang", lang, *map(str, arguments)])
        said = capsys.readouterr()
        return Outcome(code, said.out, said.err)

    return command
