"""The pictures of candidates: shared in a merge, divided in a split, handed in with a report."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from zoubian.pipeline.candidates.models import CandidateFrame
from zoubian.pipeline.domain.refusals import Refusal

_SHA256 = re.compile(r"[0-9a-f]{64}")


class PhotoPart(StrEnum):
    """What a reported photo shows."""

    NEAR = "near"
    FAR = "far"
    LANDMARK = "landmark"
    AFTER = "after"  # the same place, put right by whoever reports it


@dataclass(frozen=True, slots=True)
class ReportedPhoto:
    """A photo that a person handed in.

    Attributes:
        sha256: of the original in the file store; `shown_sha256` of its clean copy.
        part: None where nobody said.
    """

    sha256: str
    shown_sha256: str | None = None
    taken_at: datetime | None = None
    part: PhotoPart | None = None


def pictures_of(session: Session, ids: Sequence[str]) -> list[CandidateFrame]:
    """The pictures of candidates, the best ones first."""
    return list(
        session.scalars(
            select(CandidateFrame)
            .where(CandidateFrame.candidate_id.in_(ids))
            .order_by(CandidateFrame.rank, CandidateFrame.candidate_id)
        )
    )


def photos_for_case(session: Session, candidate_id: str) -> tuple[str, ...]:
    """What a case shows of the problem: the clean copies, else the photos as they came."""
    pictures = [p for p in pictures_of(session, [candidate_id]) if p.part != PhotoPart.AFTER]
    shown = [picture.shown_sha256 or picture.photo_sha256 for picture in pictures]
    return tuple(dict.fromkeys(sha256 for sha256 in shown if sha256 is not None))


def share_pictures(
    session: Session, candidate_id: str, pictures: Sequence[CandidateFrame]
) -> list[str]:
    """Let a candidate show pictures of another one too, after those that it has.

    Returns:
        Frame ids of what was added; what it has already is not.
    """
    fields = [
        {name: getattr(picture, name) for name in _SHARED} | {"frame_id": picture.frame_id}
        for picture in pictures
    ]
    return _add(session, candidate_id, fields)


def add_photos(session: Session, candidate_id: str, photos: Sequence[ReportedPhoto]) -> list[str]:
    """Add photos that a person handed in; the same bytes once.

    Returns:
        SHA-256 of what was added.
    """
    fields = [
        {
            "frame_id": photo.sha256,
            "photo_sha256": photo.sha256,
            "shown_sha256": photo.shown_sha256,
            "taken_at": photo.taken_at,
            "part": photo.part.value if photo.part else None,
        }
        for photo in photos
    ]
    return _add(session, candidate_id, fields)


def remove_pictures(session: Session, candidate_id: str, frame_ids: Sequence[str]) -> None:
    """Take pictures off a candidate again; the files stay."""
    session.execute(
        delete(CandidateFrame).where(
            CandidateFrame.candidate_id == candidate_id, CandidateFrame.frame_id.in_(frame_ids)
        )
    )


def check_photos(photos: Sequence[ReportedPhoto]) -> None:
    """See that photos are named by hashes.

    Raises:
        Refusal: `bad_photo`.
    """
    names = [name for p in photos for name in (p.sha256, p.shown_sha256) if name is not None]
    if not all(_SHA256.fullmatch(name) for name in names):
        raise Refusal("bad_photo", zh="照片未上传完整，请重新上传", en="upload the photo again")


_SHARED = ("photo_sha256", "shown_sha256", "evidence_sha256", "taken_at", "part", "boxes")


def _add(session: Session, candidate_id: str, fields: Sequence[Mapping[str, object]]) -> list[str]:
    held = {picture.frame_id: picture.rank for picture in pictures_of(session, [candidate_id])}
    rank = max(held.values(), default=-1) + 1
    new = {str(one["frame_id"]): one for one in fields if one["frame_id"] not in held}
    session.add_all(
        CandidateFrame(candidate_id=candidate_id, rank=rank + further, **one)
        for further, one in enumerate(new.values())
    )
    return list(new)
