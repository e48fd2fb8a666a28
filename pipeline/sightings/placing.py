"""When and where the frames of footage were taken: written anew with each scan."""

from datetime import timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from zoubian.pipeline.footage.models import FramePose
from zoubian.pipeline.intake.layout import LaidClip
from zoubian.pipeline.sightings.models import Frame
from zoubian.pipeline.sightings.ways import Ways


def place_footage(session: Session, ways: Ways) -> None:
    """Write time and place of all stored frames of the clips; run again, nothing changes."""
    for clip in ways.clips.values():
        frames = session.execute(
            select(
                Frame.id,
                Frame.offset_s,
                Frame.taken_at,
                Frame.lat,
                Frame.lon,
                Frame.position_error_m,
                Frame.position_source,
                Frame.heading_deg,
            )
            .where(Frame.medium_id == clip.id)
            .order_by(Frame.index)
        ).all()
        poses = ways.poses(clip.id, [frame.offset_s for frame in frames])
        changed: list[dict[str, Any]] = []
        for frame, pose in zip(frames, poses, strict=True):
            said = _columns(clip, frame.offset_s, pose)
            if any(getattr(frame, name) != value for name, value in said.items()):
                changed.append({"id": frame.id, **said})
        if changed:
            session.execute(update(Frame), changed)


def _columns(clip: LaidClip, offset_s: float, pose: FramePose | None) -> dict[str, Any]:
    started_at = clip.started_at
    return {
        "taken_at": None if started_at is None else started_at + timedelta(seconds=offset_s),
        "lat": pose.position.lat if pose else None,
        "lon": pose.position.lon if pose else None,
        "position_error_m": pose.position.error_m if pose else None,
        "position_source": _source(clip) if pose else None,
        "heading_deg": pose.heading_deg if pose else None,
    }


def _source(clip: LaidClip) -> str:
    return "camera" if clip.own_positions else "track"
