"""How fast footage is looked at, beside the bare model and the bare decoder, in one run."""

import logging
import multiprocessing
import os
import statistics
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from zoubian.detector.bench import BenchSetup, measure_raw_model, peak_rss_mb, prepare
from zoubian.models.registry.manifest import Manifest
from zoubian.pipeline.files import FileStore
from zoubian.pipeline.intake.messages import Message
from zoubian.pipeline.intake.video_facts import VideoFacts, read_facts
from zoubian.pipeline.intake.video_file import open_video, picture_stream
from zoubian.pipeline.intake.video_frames import Clockwork, read_frames, usual_skip
from zoubian.pipeline.sightings.finding import load_named_finder
from zoubian.pipeline.sightings.looking import LookConfig, LookRequest, look
from zoubian.pipeline.sightings.records import Finder

logger = logging.getLogger(__name__)

_WARM_UP_S = 4.0  # of footage
_TRAVEL_EVERY_S = 10.0  # as in a long segment


@dataclass(frozen=True, slots=True)
class FootageBench:
    """The document of `zoubian bench --footage`.

    Attributes:
        raw_model_fps: the compiled model alone, in throughput mode, in a process of its own.
        pipeline_fps: frames looked at a second, from the file to boxes, in a process of its own.
        ratio: of the two, the median over rounds.
        decode_fps: frames that come out of the decoder a second when nothing else is done.
        footage_hours_per_core_hour: hours of footage that one core works off in an hour.
        rss_mb: greatest memory of the pipeline's process.
        limit: what would take longer alone, decoding or the model.
        of_limit: time that this alone takes over the time that all takes, 0 to 1.
        frames_looked_at: of the stretch that was measured, in one round.
        frames_decoded: likewise.
        footage_s: length of that stretch.
    """

    raw_model_fps: float
    pipeline_fps: float
    ratio: float
    decode_fps: float
    footage_hours_per_core_hour: float
    rss_mb: float | None
    limit: Literal["decode", "model"]
    of_limit: float
    frames_looked_at: int
    frames_decoded: int
    footage_s: float


@dataclass(frozen=True, slots=True)
class FootageBenchSetup:
    """What is measured, and on what; travels to the measuring processes.

    Attributes:
        speed_mps: of the drive that the footage is taken for: it says how densely it is looked at.
        footage_s: at most so much of the file.
    """

    path: Path
    manifest: Manifest
    runtime: str
    threads: int | None
    config: LookConfig
    speed_mps: float
    footage_s: float


class BenchRefusedError(Exception):
    """The footage cannot be measured; the message is the reason why it cannot be used."""

    def __init__(self, why: Message) -> None:
        super().__init__(why.en)
        self.message_zh = why.zh
        self.message_en = why.en


def run_footage_bench(
    setup: FootageBenchSetup, *, rounds: int, raw_s: float, max_megapixels: int
) -> FootageBench:
    """Measure, alternating between the decoder, the bare model and the whole way.

    Args:
        rounds: of alternation; figures are medians over them.
        raw_s: of each measurement of the bare model.
        max_megapixels: of a frame.

    Raises:
        BenchRefusedError: the file is no video that can be used.
    """
    facts = read_facts(setup.path, max_megapixels=max_megapixels)
    if isinstance(facts, Message):
        raise BenchRefusedError(facts)
    footage_s = min(setup.footage_s, facts.duration_s)
    cores = setup.threads or os.cpu_count() or 1
    raw_setup = BenchSetup(setup.manifest, setup.runtime, setup.threads, ())
    raw: list[float] = []
    decoding: list[_Measured] = []
    looking: list[_Measured] = []
    context = multiprocessing.get_context("spawn")
    with (
        ProcessPoolExecutor(
            1, mp_context=context, initializer=prepare, initargs=(raw_setup,)
        ) as raw_process,
        ProcessPoolExecutor(
            1, mp_context=context, initializer=_load, initargs=(setup, facts, footage_s)
        ) as process,
    ):
        for number in range(rounds):
            raw.append(raw_process.submit(measure_raw_model, raw_s).result())
            decoding.append(process.submit(_measure_decoding).result())
            looking.append(process.submit(_measure_looking).result())
            logger.info("round %d: %s, %s, %s", number, raw[-1], decoding[-1], looking[-1])
        rss_mb = process.submit(peak_rss_mb).result()
    alone_s = [
        (one.seconds, whole.frames / fps)
        for one, whole, fps in zip(decoding, looking, raw, strict=True)
    ]
    decode_s, model_s = (statistics.median(times) for times in zip(*alone_s, strict=True))
    pairs = list(zip(looking, raw, alone_s, strict=True))
    return FootageBench(
        raw_model_fps=statistics.median(raw),
        pipeline_fps=statistics.median(one.frames / one.seconds for one in looking),
        ratio=statistics.median(one.frames / one.seconds / fps for one, fps, _ in pairs),
        decode_fps=statistics.median(one.frames / one.seconds for one in decoding),
        footage_hours_per_core_hour=footage_s
        / statistics.median(one.seconds for one in looking)
        / cores,
        rss_mb=rss_mb,
        limit="decode" if decode_s >= model_s else "model",
        of_limit=statistics.median(max(times) / one.seconds for one, _, times in pairs),
        frames_looked_at=looking[0].frames,
        frames_decoded=decoding[0].frames,
        footage_s=footage_s,
    )


@dataclass(frozen=True, slots=True)
class _Measured:
    """So many frames in so many seconds."""

    frames: int
    seconds: float


# What follows runs inside the measuring process.

_setup: FootageBenchSetup
_facts: VideoFacts
_footage_s: float
_find: Finder


def _load(setup: FootageBenchSetup, facts: VideoFacts, footage_s: float) -> None:
    """Load the model of this process, and let everything run once."""
    global _setup, _facts, _footage_s, _find
    _setup, _facts, _footage_s = setup, facts, footage_s
    FileStore(setup.config.files).put_file(setup.path)
    _find = load_named_finder(setup.config.finder, setup.config.finder_config)
    list(look(_request(min(_WARM_UP_S, footage_s)), _find, setup.config))


def _request(until_s: float) -> LookRequest:
    driven = tuple((n / 2, n / 2 * _setup.speed_mps) for n in range(-10, int(until_s * 2) + 11))
    sha256 = FileStore(_setup.config.files).put_file(_setup.path)
    return LookRequest(
        sha256, 0.0, until_s, _facts.frame_rate, _facts.assumed_rate, _TRAVEL_EVERY_S, driven
    )


def _measure_looking() -> _Measured:
    request = _request(_footage_s)
    begun = time.perf_counter()
    frames = sum(len(part.frames) for part in look(request, _find, _setup.config))
    return _Measured(frames, time.perf_counter() - begun)


def _measure_decoding() -> _Measured:
    container = open_video(_setup.path)
    assert not isinstance(container, Message)
    begun = time.perf_counter()
    with container:
        stream = picture_stream(container)
        assert stream is not None
        frames = sum(
            1
            for _ in read_frames(
                container,
                stream,
                start_s=0.0,
                end_s=_footage_s,
                skip=usual_skip(_facts.frame_rate, _facts.assumed_rate),
                threads=_setup.config.decoding_threads,
                clockwork=Clockwork(_facts.assumed_rate),
            )
        )
    return _Measured(frames, time.perf_counter() - begun)
