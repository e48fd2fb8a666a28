"""How much of the bare model's speed is left when files go in and boxes come out."""

import itertools
import logging
import multiprocessing
import statistics
import tempfile
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path

import cv2
import numpy as np

from zoubian.detector.detector import Detector, load_detector
from zoubian.detector.errors import DetectorError
from zoubian.detector.memory import reuse_picture_memory
from zoubian.detector.pictures import ScaledPicture, decode_for_detection
from zoubian.models.registry.manifest import Manifest

logger = logging.getLogger(__name__)

_DECODERS = 1  # thread; it decodes several times faster than the model runs
_WINDOW = 8  # pictures decoded or being decoded, ahead of the model


@dataclass(frozen=True, slots=True)
class BenchResult:
    """The document of `zoubian bench`; None where a value is not known.

    Attributes:
        raw_model_fps: the compiled model alone, in throughput mode, in a process of its own.
        pipeline_fps: JPEG file to boxes in original pixels, in a process of its own.
        ratio: of the two, the median over rounds.
        decode_fps: reading and decoding alone.
        footage_hours_per_core_hour: of video.
        rss_mb: greatest memory of the pipeline's process.
    """

    raw_model_fps: float
    pipeline_fps: float
    ratio: float
    decode_fps: float
    footage_hours_per_core_hour: float | None
    rss_mb: float | None


@dataclass(frozen=True, slots=True)
class BenchSetup:
    """What is measured, and on what; travels to the measuring processes."""

    manifest: Manifest
    runtime: str
    threads: int | None
    pictures: tuple[Path, ...]


def run_bench(
    manifest: Manifest,
    *,
    runtime: str,
    threads: int | None,
    pictures: Sequence[Path] | None,
    seconds: float,
    rounds: int,
) -> BenchResult:
    """Measure, alternating between the bare model and the whole way.

    Args:
        manifest: of the model.
        runtime: see `load_detector`.
        threads: see `load_detector`.
        pictures: files; None draws frames of 1280x720.
        seconds: of each measurement.
        rounds: of alternation; figures are medians over them.

    Raises:
        DetectorError: no picture can be decoded, or the runtime is not installed.
    """
    with tempfile.TemporaryDirectory() as folder:
        files = tuple(pictures) if pictures else draw_frames(Path(folder), count=24, seed=7)
        readable = tuple(file for file in files if _is_readable(file, manifest))
        if not readable:
            raise DetectorError(en="no picture here can be decoded", zh="没有可以解码的图片")
        setup = BenchSetup(manifest, runtime, threads, readable)
        with _own_process(setup) as raw_process, _own_process(setup) as pipeline_process:
            raw, pipeline = [], []
            for number in range(rounds):
                raw.append(raw_process.submit(measure_raw_model, seconds).result())
                pipeline.append(pipeline_process.submit(measure_pipeline, seconds).result())
                logger.info("round %d: raw %.1f, pipeline %.1f", number, raw[-1], pipeline[-1])
            rss_mb = pipeline_process.submit(peak_rss_mb).result()
            decode_fps = raw_process.submit(measure_decoding, seconds).result()
    return BenchResult(
        raw_model_fps=statistics.median(raw),
        pipeline_fps=statistics.median(pipeline),
        ratio=statistics.median(p / r for p, r in zip(pipeline, raw, strict=True)),
        decode_fps=decode_fps,
        footage_hours_per_core_hour=None,
        rss_mb=rss_mb,
    )


def as_document(result: BenchResult) -> dict[str, float | None]:
    """The result as `zoubian bench --json` prints it."""
    return {
        name: value if value is None else round(value, 3) for name, value in asdict(result).items()
    }


def draw_frames(folder: Path, *, count: int, seed: int) -> tuple[Path, ...]:
    """Draw street-like JPEG frames of 1280x720, about 200 KB each, always the same."""
    rng = np.random.default_rng(seed)
    files = []
    for number in range(count):
        frame = np.full((720, 1280, 3), rng.integers(90, 200, 3), np.uint8)
        frame[rng.integers(300, 420) :] = rng.integers(60, 120, 3)
        for _ in range(60):
            x, y = (int(v) for v in rng.integers(0, (1280, 720)))
            w, h = (int(v) for v in rng.integers(10, 200, 2))
            colour = tuple(int(v) for v in rng.integers(0, 255, 3))
            cv2.rectangle(frame, (x, y), (x + w, y + h), colour, -1)
        texture = cv2.GaussianBlur(rng.normal(0, 60, frame.shape).astype(np.float32), (0, 0), 1.2)
        frame = np.clip(frame + texture, 0, 255).astype(np.uint8)
        files.append(folder / f"frame-{number:03d}.jpg")
        cv2.imwrite(str(files[-1]), frame, [cv2.IMWRITE_JPEG_QUALITY, 85])
    return tuple(files)


def decode_ahead(
    files: Iterator[Path], *, input_hw_px: tuple[int, int], threads: int
) -> Iterator[ScaledPicture]:
    """Read and decode a few files ahead of who takes them; in order, undecodable ones left out."""

    def decode(file: Path) -> ScaledPicture | None:
        return decode_for_detection(file.read_bytes(), input_hw_px=input_hw_px)

    with ThreadPoolExecutor(threads) as pool:
        ahead: deque[Future[ScaledPicture | None]] = deque()
        for file in files:
            ahead.append(pool.submit(decode, file))
            if len(ahead) >= _WINDOW:
                picture = ahead.popleft().result()
                if picture is not None:
                    yield picture
        for future in ahead:
            picture = future.result()
            if picture is not None:
                yield picture


# What follows runs inside the measuring processes. Each loads its own model.

_setup: BenchSetup
_detector: Detector


def prepare(setup: BenchSetup) -> None:
    """Load the model of this process."""
    global _setup, _detector
    reuse_picture_memory()
    cv2.setNumThreads(1)  # one picture a thread; OpenCV's own pool would only get in the way
    _setup = setup
    _detector = load_detector(
        setup.manifest,
        runtime=setup.runtime,
        threads=setup.threads,
        precision="auto",
        cache_dir=None,
    )


def measure_raw_model(seconds: float) -> float:
    """Frames a second of the compiled model on one prepared input."""
    noise = np.random.default_rng(7).integers(0, 255, (1, *_detector.input_hw_px, 3), np.uint8)
    return _rate(lambda: _detector.runtime.stream(itertools.repeat(noise)), seconds)


def measure_pipeline(seconds: float) -> float:
    """Frames a second from JPEG files to boxes."""
    return _rate(
        lambda: _detector.stream(
            decode_ahead(
                itertools.cycle(_setup.pictures),
                input_hw_px=_detector.input_hw_px,
                threads=_DECODERS,
            ),
            score_threshold=_setup.manifest.thresholds,
            iou=_setup.manifest.nms_iou,
        ),
        seconds,
    )


def measure_decoding(seconds: float) -> float:
    """Frames a second of reading and decoding alone."""
    return _rate(
        lambda: decode_ahead(
            itertools.cycle(_setup.pictures), input_hw_px=_detector.input_hw_px, threads=_DECODERS
        ),
        seconds,
    )


def peak_rss_mb() -> float | None:
    """Greatest resident memory of this process so far; None where the system does not tell."""
    status = Path("/proc/self/status")
    if not status.exists():
        return None
    lines = status.read_text().splitlines()
    peak = next((line for line in lines if line.startswith("VmHWM:")), None)
    return int(peak.split()[1]) / 1024 if peak else None


def _own_process(setup: BenchSetup) -> ProcessPoolExecutor:
    # Spawned, never forked: OpenVINO does not survive a fork.
    return ProcessPoolExecutor(
        1,
        mp_context=multiprocessing.get_context("spawn"),
        initializer=prepare,
        initargs=(setup,),
    )


def _is_readable(file: Path, manifest: Manifest) -> bool:
    return decode_for_detection(file.read_bytes(), input_hw_px=manifest.input_hw_px) is not None


def _rate(start: Callable[[], Iterator[object]], seconds: float) -> float:
    """Items a second of an endless iterator, after a warm-up."""
    iterator = start()
    for _ in range(8):
        next(iterator)
    count, begun = 0, time.perf_counter()
    while time.perf_counter() - begun < seconds:
        next(iterator)
        count += 1
    return count / (time.perf_counter() - begun)
