"""Tables of the organisation: what each load stated, kept for ever."""

from datetime import date, datetime

from sqlalchemy import JSON, ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from zoubian.pipeline.db.base import Base, UtcDateTime
from zoubian.pipeline.domain.json_values import Json


class OrgLoad(Base):
    """One load that changed something; the highest id is the version of the organisation.

    What it stated counts from `as_of`; `files` names each file with its SHA-256.
    """

    __tablename__ = "org_load"

    id: Mapped[int] = mapped_column(primary_key=True)
    loaded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    as_of: Mapped[date]
    files: Mapped[list[dict[str, str]]] = mapped_column(JSON)


class OrgRecord(Base):
    """What one load stated of one thing; a later load's statement replaces it from `since` on.

    `kind` and `identity` name the thing: "unit" and its code, "cover" and "Z01/JD001",
    "unit_shape" and the unit's code. `rows` are its dated rows as they stood in the file; none
    means that it was taken out. `since` is null for what counts for all the past as well.
    """

    __tablename__ = "org_record"
    __table_args__ = (Index(None, "kind", "identity"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    load_id: Mapped[int] = mapped_column(ForeignKey("org_load.id"), index=True)
    kind: Mapped[str] = mapped_column(Text)
    identity: Mapped[str] = mapped_column(Text)
    since: Mapped[date | None]
    rows: Mapped[list[dict[str, Json]]] = mapped_column(JSON)
