"""The report of a patrol: one HTML file that opens anywhere, without a network."""

import base64
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone, tzinfo
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from PIL import Image

from zoubian.datasets.classes.models import ClassTables
from zoubian.models.registry.manifest import Manifest
from zoubian.pipeline.candidates.knowledge import members_in_words
from zoubian.pipeline.candidates.report_map import lay_out_map
from zoubian.pipeline.candidates.result import ResultCandidate, ResultFrame, ScanResult
from zoubian.pipeline.files import FileStore
from zoubian.pipeline.organisation.places import PlaceIndex

TEMPLATES = Path(__file__).parent / "templates"

# One file holds all pictures: many candidates get smaller ones, so that it can still be sent.
PICTURE_PX = 1280
SMALL_PICTURE_PX = 900
SMALL_FROM_PICTURES = 80
PICTURE_QUALITY = 80

CHOICES_SHOWN = 4

_QUALITY = {
    "too_dark": ("太暗", "too dark"),
    "overexposed": ("过曝", "overexposed"),
    "covered": ("镜头被遮挡", "the lens was covered"),
    "blurred": ("模糊", "blurred"),
}


@dataclass(frozen=True, slots=True)
class _Card:
    """One candidate as the template shows it.

    `photo` is the best photo's name and folder, `pictures` are data URIs.
    """

    item: ResultCandidate
    name: tuple[str, str]
    members: tuple[str, str]
    seen_at: str | None
    photo: str
    pictures: tuple[str, ...]


def render_report(
    result: ScanResult,
    files: FileStore,
    *,
    manifest: Manifest,
    tables: ClassTables,
    places: PlaceIndex,
    generated_at: datetime,
) -> str:
    """The whole page as text; Chinese first, English by a switch.

    Args:
        generated_at: aware; shown in the patrol's own zone, as all times are.
    """
    zone = timezone(timedelta(minutes=result.tz_offset_min))
    pictures = sum(len(item.evidence) for item in result.candidates)
    picture_px = PICTURE_PX if pictures < SMALL_FROM_PICTURES else SMALL_PICTURE_PX
    cards = [_card(item, files, tables, zone, picture_px) for item in result.candidates]
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("report.html").render(
        result=result,
        proven=[card for card in cards if card.item.proven],
        unproven=[card for card in cards if not card.item.proven],
        figures=_figures(result),
        map=lay_out_map(result.frames, result.candidates, places.roads),
        period=_period(result.frames, zone),
        unassessable=_unassessable(result.frames),
        silent=_silent(result),
        manifest=manifest,
        campaign=tables.campaign,
        generated_at=f"{generated_at.astimezone(zone):%Y-%m-%d %H:%M}",
        zone=_zone_name(result.tz_offset_min),
        choices_shown=CHOICES_SHOWN,
    )


def _card(
    item: ResultCandidate, files: FileStore, tables: ClassTables, zone: tzinfo, picture_px: int
) -> _Card:
    known = tables.visual_classes[item.visual_class]
    seen_at = item.first_seen_at
    path = item.frames[0].path if item.frames else ""
    return _Card(
        item=item,
        name=(known.name_zh, known.name_en),
        members=members_in_words(item.members, tables),
        seen_at=None if seen_at is None else f"{seen_at.astimezone(zone):%Y-%m-%d %H:%M}",
        photo="/".join(path.replace("\\", "/").split("/")[-2:]),
        pictures=tuple(_data_uri(files, sha256, picture_px) for sha256 in item.evidence),
    )


def _data_uri(files: FileStore, sha256: str, longer_px: int) -> str:
    """An evidence picture as a JPEG data URI, its longer side at most `longer_px`."""
    stream = io.BytesIO()
    with files.open(sha256) as stored, Image.open(stored) as picture:
        picture.thumbnail((longer_px, longer_px), Image.Resampling.LANCZOS)
        picture.save(stream, "JPEG", quality=PICTURE_QUALITY)
    return "data:image/jpeg;base64," + base64.b64encode(stream.getvalue()).decode("ascii")


def _figures(result: ScanResult) -> Mapping[str, int]:
    return {
        "media": len(result.media),
        "candidates": len(result.candidates),
        "unproven": sum(not item.proven for item in result.candidates),
        "silent": len(_silent(result)),
        "unassessable": sum(not frame.assessable for frame in result.frames),
        "problems": len(result.problems),
    }


def _silent(result: ScanResult) -> list[ResultFrame]:
    """Frames that could be judged and show no candidate."""
    shown = {frame.id for item in result.candidates for frame in item.frames}
    return [frame for frame in result.frames if frame.assessable and frame.id not in shown]


def _unassessable(frames: Sequence[ResultFrame]) -> list[tuple[ResultFrame, tuple[str, str]]]:
    """Frames that could not be judged, with the reason in words."""
    return [
        (frame, _QUALITY.get(reason, (reason, reason)))
        for frame in frames
        if not frame.assessable
        for reason in [frame.quality_reason or "-"]
    ]


def _period(frames: Sequence[ResultFrame], zone: tzinfo) -> str | None:
    """From the first to the last photo, the day said once where it is one day."""
    times = sorted(frame.taken_at for frame in frames if frame.taken_at is not None)
    if not times:
        return None
    first, last = times[0].astimezone(zone), times[-1].astimezone(zone)
    until = f"{last:%H:%M}" if first.date() == last.date() else f"{last:%Y-%m-%d %H:%M}"
    return f"{first:%Y-%m-%d %H:%M} – {until}"


def _zone_name(offset_min: int) -> str:
    sign = "-" if offset_min < 0 else "+"
    hours, minutes = divmod(abs(offset_min), 60)
    return f"UTC{sign}{hours:02d}:{minutes:02d}"
