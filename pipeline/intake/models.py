"""Tables of what came in: patrols, their media, and what was wrong with some."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from zoubian.pipeline.db.base import Base, UtcDateTime


class Patrol(Base):
    """One outing of a group: media, track and time.

    `id` is derived from the name or from the scanned paths, so that the same command run again
    continues the same patrol. `group_id` is the working group that went, `created_by` who says so;
    both are null for a scan from the command line.
    """

    __tablename__ = "patrol"

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    tz_offset_min: Mapped[int]
    crs: Mapped[str] = mapped_column(Text)
    group_id: Mapped[str | None] = mapped_column(Text, index=True)
    created_by: Mapped[str | None] = mapped_column(Text)


class Medium(Base):
    """One photo or video of a patrol; the same bytes are stored and analysed once per patrol.

    `path` is absolute, `shown_path` what people call it. `state` is `pending`, `done` or `failed`
    (then the problem columns say why). `analysis_key` names model, settings and code that the
    stored frames come from; another key, or none, means that the medium is to be analysed (again)
    by the next scan. `attempts` counts the children that died while they had it in hand.
    """

    __tablename__ = "medium"
    __table_args__ = (UniqueConstraint("patrol_id", "sha256"),)

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    patrol_id: Mapped[str] = mapped_column(ForeignKey("patrol.id"), index=True)
    sha256: Mapped[str] = mapped_column(Text)
    path: Mapped[str] = mapped_column(Text)
    shown_path: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(Text)
    size_bytes: Mapped[int] = mapped_column(BigInteger)
    state: Mapped[str] = mapped_column(Text, default="pending")
    attempts: Mapped[int] = mapped_column(default=0)
    analysis_key: Mapped[str | None] = mapped_column(Text)
    problem_code: Mapped[str | None] = mapped_column(Text)
    problem_zh: Mapped[str | None] = mapped_column(Text)
    problem_en: Mapped[str | None] = mapped_column(Text)
    frames_read: Mapped[int] = mapped_column(default=0)
    frames_sampled: Mapped[int] = mapped_column(default=0)


class Remark(Base):
    """A problem or note that belongs to a patrol's input but to no analysed medium, or to one.

    `severity` is `problem` or `note`.
    """

    __tablename__ = "remark"
    __table_args__ = (Index(None, "patrol_id", "severity"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    patrol_id: Mapped[str] = mapped_column(ForeignKey("patrol.id"))
    medium_id: Mapped[str | None] = mapped_column(
        ForeignKey("medium.id", ondelete="CASCADE"), index=True
    )
    severity: Mapped[str] = mapped_column(Text)
    path: Mapped[str] = mapped_column(Text)
    code: Mapped[str] = mapped_column(Text)
    message_zh: Mapped[str] = mapped_column(Text)
    message_en: Mapped[str] = mapped_column(Text)


class Clip(Base):
    """What a video is: facts from its packets, and its place on the patrol's timeline.

    `facts_key` names the code that read them. The `written` columns are the creation time as it
    stands in the file. `fixes` are the positions it carries, in the file's datum: rows of seconds
    since its first frame, latitude, longitude, HDOP or null, time without a zone or null.
    `started_at` is null where nothing tells; its first `seen_s` seconds repeat the clip before.
    """

    __tablename__ = "clip"

    medium_id: Mapped[str] = mapped_column(
        ForeignKey("medium.id", ondelete="CASCADE"), primary_key=True
    )
    facts_key: Mapped[str] = mapped_column(Text)
    codec: Mapped[str] = mapped_column(Text)
    width_px: Mapped[int]
    height_px: Mapped[int]
    frame_rate: Mapped[float | None]
    assumed_rate: Mapped[float | None]
    duration_s: Mapped[float]
    first_shown_s: Mapped[float]
    written_stamp: Mapped[str | None] = mapped_column(Text)
    written_offset_min: Mapped[int | None]
    written_zone: Mapped[str] = mapped_column(Text)
    position_source: Mapped[str | None] = mapped_column(Text)
    fixes: Mapped[list[Any]] = mapped_column(JSON)
    started_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    start_source: Mapped[str | None] = mapped_column(Text)
    seen_s: Mapped[float] = mapped_column(default=0.0)


class Upload(Base):
    """A file that somebody sends or has sent; its bytes lie in a part file until it is done.

    What is told of a photo (`shown_sha256` and what follows `media_type`) is null until it was
    looked at.
    """

    __tablename__ = "upload"
    __table_args__ = (Index(None, "user_id", "id"), Index(None, "sha256"))

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    user_id: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    sha256: Mapped[str] = mapped_column(Text)
    size_bytes: Mapped[int] = mapped_column(BigInteger)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    media_type: Mapped[str | None] = mapped_column(Text)
    shown_sha256: Mapped[str | None] = mapped_column(Text)
    taken_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    lat: Mapped[float | None]
    lon: Mapped[float | None]
    position_error_m: Mapped[float | None]
