"""Photos that people send are looked at in a child: clean copies to show, categories to offer."""

import logging
from collections.abc import Iterable

from zoubian.api.http.context import Service
from zoubian.api.http.session import SignedIn
from zoubian.pipeline.domain.geo import Position
from zoubian.pipeline.domain.local_time import LOCAL_OFFSET
from zoubian.pipeline.intake.uploads import UploadView, note_photo, sent_by
from zoubian.pipeline.jobs.children import ChildStartError
from zoubian.pipeline.sightings.records import MediumAnalysis

logger = logging.getLogger(__name__)

TZ_OFFSET_MIN = int(LOCAL_OFFSET.total_seconds()) // 60


def look_at(here: Service, who: SignedIn, photo: UploadView) -> MediumAnalysis | None:
    """Look at a photo that somebody has sent, and note what it says of itself.

    None where the service has no model.
    """
    if here.analysts is None:
        return None
    analysis = here.analysts.analyse(photo.sha256, tz_offset_min=TZ_OFFSET_MIN, crs="wgs84")
    frame = analysis.frames[0] if analysis.frames else None
    if frame is not None:
        position = None
        if frame.lat is not None and frame.lon is not None:
            position = Position(frame.lat, frame.lon, frame.position_error_m or 0.0)
        with here.workspace.uow() as session:
            note_photo(
                session,
                photo.id,
                user_id=who.user_id,
                shown_sha256=frame.shown_sha256,
                taken_at=frame.taken_at,
                position=position,
            )
    return analysis


def show_copies(here: Service, who: SignedIn, sha256s: Iterable[str]) -> None:
    """See that photos that somebody attaches have clean copies; asked for before the transaction
    that attaches them, because looking takes time."""
    wanted = list(dict.fromkeys(sha256s))
    if not wanted or here.analysts is None:
        return
    with here.workspace.uow.reading() as session:
        sent = sent_by(session, wanted, user_id=who.user_id)
    for photo in sent.values():
        is_photo = photo.media_type is not None and photo.media_type.startswith("image/")
        if is_photo and photo.shown_sha256 is None:
            try:
                look_at(here, who, photo)
            except ChildStartError:
                logger.exception("no clean copy of %s", photo.sha256)
                return
