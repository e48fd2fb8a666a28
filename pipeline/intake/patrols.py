"""Patrols that people make: whose they are, what was sent for them, how far it was looked at."""

import os
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from zoubian.pipeline.domain.actors import Actor
from zoubian.pipeline.domain.geo import Crs
from zoubian.pipeline.domain.ids import new_id
from zoubian.pipeline.domain.refusals import Refusal
from zoubian.pipeline.domain.scopes import CandidateScope
from zoubian.pipeline.files import FileStore, StorageError
from zoubian.pipeline.intake.models import Medium, Patrol, Remark
from zoubian.pipeline.intake.uploads import UploadView


@dataclass(frozen=True, slots=True)
class PatrolView:
    """A patrol; group and maker are None for a scan from the command line."""

    id: str
    name: str
    created_at: datetime
    tz_offset_min: int
    crs: str
    group_id: str | None
    created_by: str | None


@dataclass(frozen=True, slots=True)
class PatrolMedium:
    """One medium of a patrol; a failed one says why."""

    name: str
    kind: str
    state: str
    problem_code: str | None
    problem_zh: str | None
    problem_en: str | None


@dataclass(frozen=True, slots=True)
class PatrolCounts:
    """How many media of a patrol there are, and how far they were looked at."""

    media: int
    done: int
    failed: int


@dataclass(frozen=True, slots=True)
class Told:
    """Something that people should be told of a patrol's files; a problem or a note."""

    severity: str
    name: str
    code: str
    message_zh: str
    message_en: str


def create_patrol(
    session: Session, name: str, *, maker: Actor, tz_offset_min: int, crs: Crs, at: datetime
) -> PatrolView:
    """A new patrol of the maker's group; two of one name are two."""
    row = Patrol(
        id=new_id(at),
        name=name,
        created_at=at,
        tz_offset_min=tz_offset_min,
        crs=crs,
        group_id=maker.group_id,
        created_by=maker.user_id,
    )
    session.add(row)
    return _view(row)


def patrols(
    session: Session, scope: CandidateScope, *, limit: int, after: str | None
) -> tuple[PatrolView, ...]:
    """Patrols that somebody may see, by falling id.

    Args:
        after: id of the last one of the page before.
    """
    query = select(Patrol).where(*_seen(scope)).order_by(Patrol.id.desc()).limit(limit)
    if after is not None:
        query = query.where(Patrol.id < after)
    return tuple(_view(row) for row in session.scalars(query))


def patrol(session: Session, patrol_id: str, scope: CandidateScope) -> PatrolView:
    """One patrol, if whoever has the scope may see it.

    Raises:
        Refusal: `no_such_patrol`.
    """
    row = session.scalar(select(Patrol).where(Patrol.id == patrol_id, *_seen(scope)))
    if row is None:
        raise Refusal("no_such_patrol", zh="没有这次巡查", en="there is no such patrol")
    return _view(row)


def patrol_media(session: Session, patrol_id: str) -> tuple[PatrolMedium, ...]:
    """The media of a patrol by name."""
    rows = session.scalars(
        select(Medium).where(Medium.patrol_id == patrol_id).order_by(Medium.shown_path, Medium.id)
    )
    return tuple(
        PatrolMedium(
            Path(row.shown_path).name,
            row.kind,
            row.state,
            row.problem_code,
            row.problem_zh,
            row.problem_en,
        )
        for row in rows
    )


def patrol_counts(session: Session, patrol_id: str) -> PatrolCounts:
    """How far the media of a patrol were looked at."""
    counted = session.execute(
        select(Medium.state, func.count())
        .where(Medium.patrol_id == patrol_id)
        .group_by(Medium.state)
    )
    found = {state: number for state, number in counted}
    return PatrolCounts(sum(found.values()), found.get("done", 0), found.get("failed", 0))


def remarks(session: Session, patrol_id: str) -> tuple[Told, ...]:
    """What people should be told of a patrol's files."""
    rows = session.scalars(
        select(Remark).where(Remark.patrol_id == patrol_id).order_by(Remark.severity, Remark.id)
    )
    return tuple(
        Told(row.severity, Path(row.path).name, row.code, row.message_zh, row.message_en)
        for row in rows
    )


def lay_out(files: FileStore, folder: Path, sent: Sequence[UploadView]) -> None:
    """Put sent files into a patrol's folder under their names, without copying them where the
    file system allows that; put there again, they stay. What cameras number keeps its order.

    Raises:
        StorageError: the folder cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for upload in sent:
            source, target = files.path(upload.sha256), folder / upload.name
            if target.exists() and not _same(source, target):
                stem, suffix = os.path.splitext(upload.name)
                target = folder / f"{stem}-{upload.sha256[:8]}{suffix}"
            if target.exists():
                continue
            _place(source, target)
    except OSError as error:
        raise StorageError(folder, error) from error


def _place(source: Path, target: Path) -> None:
    try:
        os.link(source, target)
    except FileExistsError:
        return
    except OSError:
        partial = target.with_name(f".{target.name}.part")
        shutil.copyfile(source, partial)
        os.replace(partial, target)


def _same(one: Path, other: Path) -> bool:
    if os.path.samefile(one, other):
        return True
    if one.stat().st_size != other.stat().st_size:
        return False
    with one.open("rb") as a, other.open("rb") as b:
        while block := a.read(1 << 20):
            if block != b.read(1 << 20):
                return False
    return True


def _seen(scope: CandidateScope) -> tuple[ColumnElement[bool], ...]:
    if scope.everything:
        return ()
    own = Patrol.created_by.in_(scope.reporters)
    if scope.group_id is None:
        return (own,)
    return (or_(own, Patrol.group_id == scope.group_id),)


def _view(row: Patrol) -> PatrolView:
    return PatrolView(
        row.id,
        row.name,
        row.created_at,
        row.tz_offset_min,
        row.crs,
        row.group_id,
        row.created_by,
    )
