"""The facts of stored videos; runs inside a supervised child, because videos are untrusted."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from zoubian.pipeline.files import FileStore
from zoubian.pipeline.intake.messages import Message
from zoubian.pipeline.intake.video_facts import VideoFacts, read_facts
from zoubian.pipeline.sightings.messages import ORIGINAL_LOST


@dataclass(frozen=True, slots=True)
class ReadConfig:
    """What a child needs to read facts; frames with more million px are refused."""

    files: Path
    max_megapixels: int


@dataclass(frozen=True, slots=True)
class FactsAnswer:
    """What is known of a video, or why it cannot be used."""

    facts: VideoFacts | None
    problem: Message | None


def load_reader(config: ReadConfig) -> Callable[[str], Iterator[Any]]:
    """The child's handler: one answer to the name of a stored video."""
    return lambda sha256: iter([_WIRE.dump_python(_read(sha256, config), mode="json")])


def read_answer(answer: Any) -> FactsAnswer:
    """The facts from a child's answer.

    Raises:
        pydantic.ValidationError: there are none.
    """
    return _WIRE.validate_python(answer)


_WIRE = TypeAdapter(FactsAnswer)


def _read(sha256: str, config: ReadConfig) -> FactsAnswer:
    path = FileStore(config.files).path(sha256)
    if not path.exists():
        lost = ORIGINAL_LOST
        return FactsAnswer(None, Message(lost.code, lost.zh, lost.en))
    facts = read_facts(path, max_megapixels=config.max_megapixels)
    if isinstance(facts, Message):
        return FactsAnswer(None, facts)
    return FactsAnswer(facts, None)
