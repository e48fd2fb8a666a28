"""The one JSON document of a scan: its keys and units are a contract with other programs."""

from datetime import timedelta, timezone
from typing import Any, Literal

from zoubian.pipeline.candidates.result import ResultCandidate, ResultFrame, ScanResult
from zoubian.pipeline.domain.problems import Note, Problem
from zoubian.pipeline.files import FileStore

Language = Literal["zh", "en"]


def scan_document(
    result: ScanResult, files: FileStore, *, seconds: float, language: Language
) -> dict[str, Any]:
    """The document that `zoubian scan --json` prints; unknown values are None.

    `frames` are the paths that show a candidate, the best one first (a frame of a video as
    `path#t=seconds`); `evidence` are paths of JPEG pictures in the file store, the best one first.

    Args:
        seconds: how long the scan took.
        language: of the messages; `category_zh` and `place` are Chinese always.
    """
    return {
        "media": [
            {
                "path": medium.path,
                "kind": medium.kind,
                "frames_read": medium.frames_read,
                "frames_sampled": medium.frames_sampled,
            }
            for medium in result.media
        ],
        "problems": [_told(item, language) for item in result.problems],
        "notes": [_told(item, language) for item in result.notes],
        "candidates": [_candidate(item, files, result.tz_offset_min) for item in result.candidates],
        "seconds": round(seconds, 2),
    }


def _told(item: Problem | Note, language: Language) -> dict[str, str]:
    message = item.message_zh if language == "zh" else item.message_en
    return {"path": item.path, "code": item.code, "message": message}


def _candidate(item: ResultCandidate, files: FileStore, tz_offset_min: int) -> dict[str, Any]:
    here = item.position
    zone = timezone(timedelta(minutes=tz_offset_min))
    return {
        "id": item.id,
        "visual_class": item.visual_class,
        "members": dict(item.members),
        "category": item.category,
        "category_zh": item.category_zh,
        "confidence": round(item.confidence, 4),
        "precision": None if item.precision is None else round(item.precision, 4),
        "proven": item.proven,
        "lat": None if here is None else round(here.lat, 7),
        "lon": None if here is None else round(here.lon, 7),
        "radius_m": None if here is None else round(here.error_m, 1),
        "place": item.place_zh,
        "frames": [_frame_path(frame) for frame in item.frames],
        "first_seen_at": (
            None if item.first_seen_at is None else item.first_seen_at.astimezone(zone).isoformat()
        ),
        "evidence": [str(files.path(sha256)) for sha256 in item.evidence],
    }


def _frame_path(frame: ResultFrame) -> str:
    return frame.path if frame.offset_s is None else f"{frame.path}#t={frame.offset_s:.2f}"
