"""Tables of what was seen: frames and the detections in them."""

from datetime import datetime

from sqlalchemy import ForeignKey, Text, UniqueConstraint
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
