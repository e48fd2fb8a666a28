"""Tables of what was seen: frames and the detections in them, and how far footage was seen."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from zoubian.pipeline.db.base import Base, UtcDateTime


class Frame(Base):
    """One looked-at picture of a medium: a photo has one, a video as many as were sampled.

    Sizes are those of the upright original in px; `heading_deg` is clockwise from north.
    `assessable` false (with `quality_reason`) means that silence says nothing.
    `shown_sha256` names the clean JPEG copy in the file store, `shown_scale` = copy / original.
    """

    __tablename__ = "frame"
    __table_args__ = (UniqueConstraint("medium_id", "index"),)

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    medium_id: Mapped[str] = mapped_column(ForeignKey("medium.id", ondelete="CASCADE"))
    index: Mapped[int]
    offset_s: Mapped[float]
    taken_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    lat: Mapped[float | None]
    lon: Mapped[float | None]
    position_error_m: Mapped[float | None]
    position_source: Mapped[str | None] = mapped_column(Text)
    heading_deg: Mapped[float | None]
    width_px: Mapped[int]
    height_px: Mapped[int]
    assessable: Mapped[bool]
    quality_reason: Mapped[str | None] = mapped_column(Text)
    brightness: Mapped[float]
    sharpness: Mapped[float]
    shown_sha256: Mapped[str | None] = mapped_column(Text)
    shown_scale: Mapped[float | None]


class DetectionRow(Base):
    """One box in one frame, in px of the upright original, above the storing threshold."""

    __tablename__ = "detection"

    id: Mapped[int] = mapped_column(primary_key=True)
    frame_id: Mapped[str] = mapped_column(ForeignKey("frame.id", ondelete="CASCADE"), index=True)
    visual_class: Mapped[str] = mapped_column(Text)
    score: Mapped[float]
    x1_px: Mapped[float]
    y1_px: Mapped[float]
    x2_px: Mapped[float]
    y2_px: Mapped[float]


class Segment(Base):
    """A part of a clip, the unit in which footage is looked at: from `start_s` up to `end_s`.

    `look_key` names all that its frames depend on; another one means that it is to be looked at
    again. `state` is `pending`, `done` or `failed` (then the problem columns say why). `travels`
    are what its frames tell of the camera's direction (`footage.motion.Travel`), `beats` what they
    tell of its turns and stops (`footage.clock_offset.Beat`), one row each.
    """

    __tablename__ = "segment"

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    medium_id: Mapped[str] = mapped_column(ForeignKey("medium.id", ondelete="CASCADE"), index=True)
    start_s: Mapped[float]
    end_s: Mapped[float]
    look_key: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text, default="pending")
    frames_read: Mapped[int] = mapped_column(default=0)
    travels: Mapped[list[Any]] = mapped_column(JSON, default=list)
    beats: Mapped[list[Any]] = mapped_column(JSON, default=list)
    problem_code: Mapped[str | None] = mapped_column(Text)
    problem_zh: Mapped[str | None] = mapped_column(Text)
    problem_en: Mapped[str | None] = mapped_column(Text)


class Excerpt(Base):
    """A few seconds cut out of a clip; `clip_sha256` is null where they could not be shown."""

    __tablename__ = "excerpt"

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    medium_id: Mapped[str] = mapped_column(ForeignKey("medium.id", ondelete="CASCADE"), index=True)
    start_s: Mapped[float]
    end_s: Mapped[float]
    clip_sha256: Mapped[str | None] = mapped_column(Text)


class Stretch(Base):
    """A stretch of the way of a patrol's footage, seen or not.

    `state` is `seen` or `not_assessable` (then `reason` says why); `path` are rows of latitude and
    longitude.
    """

    __tablename__ = "stretch"

    patrol_id: Mapped[str] = mapped_column(ForeignKey("patrol.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[str] = mapped_column(Text)
    reason: Mapped[str | None] = mapped_column(Text)
    started_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    length_m: Mapped[float]
    path: Mapped[list[Any]] = mapped_column(JSON)
