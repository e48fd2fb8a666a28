"""Clips of a patrol joined to one timeline: what follows what, what repeats, where nothing is."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from zoubian.pipeline.intake.messages import Message, message


@dataclass(frozen=True, slots=True)
class Clip:
    """One video as the timeline needs it.

    Attributes:
        id: of the medium.
        camera: clips of other cameras do not follow each other.
        series, number: see `ClipName`.
        started_at: None where nothing tells.
        exact: whether the start is the satellites' and shall not be moved.
    """

    id: str
    camera: str
    series: str
    number: int | None
    started_at: datetime | None
    exact: bool
    duration_s: float


@dataclass(frozen=True, slots=True)
class PlacedClip:
    """A clip on the timeline.

    Attributes:
        started_at: of its first frame, None where nothing tells.
        seen_s: its first so many seconds were seen in the clip before.
        notes: what a person should know of its place.
    """

    id: str
    started_at: datetime | None
    seen_s: float
    notes: tuple[Message, ...]


def join_clips(
    clips: Sequence[Clip], *, snap_s: float, longest_gap_s: float, longest_overlap_s: float
) -> tuple[PlacedClip, ...]:
    """Place clips one after the other, camera by camera.

    A clip that begins about where the one before it ends is taken to begin exactly there: cameras
    write whole seconds. One that begins earlier repeats what was seen. One that claims the start of
    the clip before it, and has the next number, is its next chapter. One without a time follows the
    clip with the number before its own.

    Args:
        snap_s: nearer than this, a start is moved to the end before it.
        longest_gap_s: a longer gap between two clips is told.
        longest_overlap_s: what overlaps longer is not believed to be the same camera's: it stays.

    Returns:
        In the order given.
    """
    by_camera: dict[str, list[Clip]] = {}
    for clip in clips:
        by_camera.setdefault(clip.camera, []).append(clip)
    placed: dict[str, PlacedClip] = {}
    for group in by_camera.values():
        timed = _with_chapters(group)
        before: tuple[Clip, datetime] | None = None
        for clip in sorted(timed, key=_time_order):
            here = _place(clip, before, snap_s, longest_gap_s, longest_overlap_s)
            placed[clip.id] = here
            if here.started_at is not None:
                end = here.started_at + timedelta(seconds=clip.duration_s)
                before = (clip, end if before is None else max(end, before[1]))
    return tuple(placed[clip.id] for clip in clips)


def _time_order(clip: Clip) -> tuple[bool, float, int, str]:
    at = clip.started_at
    return at is None, at.timestamp() if at else 0.0, clip.number or 0, clip.id


def _with_chapters(group: Sequence[Clip]) -> list[Clip]:
    """Give a start to clips that name none, or only that of their series."""
    done: list[Clip] = []
    by_number = sorted(group, key=lambda clip: (clip.series, clip.number or 0, clip.id))
    for clip in by_number:
        before = done[-1] if done else None
        follows = (
            before is not None
            and before.series == clip.series
            and before.number is not None
            and clip.number == before.number + 1
        )
        if follows and before is not None and before.started_at is not None and not clip.exact:
            end = before.started_at + timedelta(seconds=before.duration_s)
            same_start = (
                clip.started_at is not None
                and abs((clip.started_at - before.started_at).total_seconds()) < 2.0
                and before.duration_s > 4.0
            )
            if clip.started_at is None or same_start:
                clip = replace(clip, started_at=end)
        done.append(clip)
    return done


def _place(
    clip: Clip,
    before: tuple[Clip, datetime] | None,
    snap_s: float,
    longest_gap_s: float,
    longest_overlap_s: float,
) -> PlacedClip:
    if clip.started_at is None or before is None:
        return PlacedClip(clip.id, clip.started_at, 0.0, ())
    gap_s = (clip.started_at - before[1]).total_seconds()
    if abs(gap_s) <= snap_s and not clip.exact:
        return PlacedClip(clip.id, before[1], 0.0, ())
    if gap_s > longest_gap_s:
        return PlacedClip(
            clip.id, clip.started_at, 0.0, (message("clip_gap", seconds=round(gap_s)),)
        )
    if gap_s < 0 and -gap_s <= longest_overlap_s:
        seen_s = min(-gap_s, clip.duration_s)
        notes = (message("clip_overlap", seconds=f"{seen_s:.1f}"),) if seen_s > snap_s else ()
        return PlacedClip(clip.id, clip.started_at, seen_s, notes)
    return PlacedClip(clip.id, clip.started_at, 0.0, ())
