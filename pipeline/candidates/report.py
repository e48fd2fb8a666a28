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
from zoubian.pipeline.candidates.result import (
    ResultCandidate,
    ResultFrame,
    ResultStretch,
    ScanResult,
)
from zoubian.pipeline.files import FileStore
from zoubian.pipeline.organisation.places import PlaceIndex

TEMPLATES = Path(__file__).parent / "templates"

# One file holds all pictures: many candidates get smaller ones, so that it can still be sent.
PICTURE_PX = 1280
SMALL_PICTURE_PX = 900
SMALL_FROM_PICTURES = 80
PICTURE_QUALITY = 80

CHOICES_SHOWN = 4

# Clips of all candidates together; the file leaves them out where they are more.
MOST_CLIP_BYTES = 24_000_000

_QUALITY = {
    "too_dark": ("太暗", "too dark"),
    "overexposed": ("过曝", "overexposed"),
    "covered": ("镜头被遮挡", "the lens was covered"),
    "blurred": ("模糊", "blurred"),
}


@dataclass(frozen=True, slots=True)
class _Card:
    """One candidate as the template shows it.

    `photo` is the best photo's name and folder; `pictures`, `clip` and `map_svg` are data URIs.
    """

    item: ResultCandidate
    name: tuple[str, str]
    members: tuple[str, str]
    seen_at: str | None
    photo: str
    pictures: tuple[str, ...]
    clip: str | None
    map_svg: str | None


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
    with_clips = _clip_bytes(result, files) <= MOST_CLIP_BYTES
    cards = [
        _card(item, files, tables, zone, picture_px, with_clip=with_clips)
        for item in result.candidates
    ]
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
        map=lay_out_map(result.frames, result.candidates, places.roads, result.stretches),
        coverage=_coverage(result, zone),
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
    item: ResultCandidate,
    files: FileStore,
    tables: ClassTables,
    zone: tzinfo,
    picture_px: int,
    *,
    with_clip: bool,
) -> _Card:
    known = tables.visual_classes[item.visual_class]
    seen_at = item.first_seen_at
    return _Card(
        item=item,
        name=(known.name_zh, known.name_en),
        members=members_in_words(item.members, tables),
        seen_at=None if seen_at is None else f"{seen_at.astimezone(zone):%Y-%m-%d %H:%M}",
        photo=_short_name(item.frames[0]) if item.frames else "",
        pictures=tuple(_data_uri(files, sha256, picture_px) for sha256 in item.evidence),
        clip=_stored_uri(files, item.exhibits.get("clip"), "video/mp4") if with_clip else None,
        map_svg=_stored_uri(files, item.exhibits.get("map"), "image/svg+xml"),
    )


def _short_name(frame: ResultFrame) -> str:
    """A file's name and folder; of a video with the time in it."""
    name = "/".join(frame.path.replace("\\", "/").split("/")[-2:])
    return name if frame.offset_s is None else f"{name} {frame.offset_s:.1f} s"


def _clip_bytes(result: ScanResult, files: FileStore) -> int:
    clips = [item.exhibits["clip"] for item in result.candidates if "clip" in item.exhibits]
    return sum(files.path(sha256).stat().st_size for sha256 in clips)


def _stored_uri(files: FileStore, sha256: str | None, media_type: str) -> str | None:
    """A stored file as it is, as a data URI."""
    if sha256 is None:
        return None
    with files.open(sha256) as stored:
        return f"data:{media_type};base64,{base64.b64encode(stored.read()).decode('ascii')}"


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
        "photos": sum(frame.offset_s is None for frame in result.frames),
        "silent": len(_silent(result)),
        "unassessable": len(_unassessable(result.frames)),
        "problems": len(result.problems),
    }


@dataclass(frozen=True, slots=True)
class _Coverage:
    """How much of the way of footage was seen; `spoilt` are stretches that could not be judged:
    when, how long, and why."""

    seen_km: float
    not_assessable_km: float
    frames: int
    spoilt: tuple[tuple[str, float, tuple[str, str]], ...]


def _coverage(result: ScanResult, zone: tzinfo) -> _Coverage | None:
    """None where there is no footage."""
    frames = [frame for frame in result.frames if frame.offset_s is not None]
    if not frames:
        return None
    spoilt = [stretch for stretch in result.stretches if not stretch.assessable]
    return _Coverage(
        seen_km=sum(s.length_m for s in result.stretches if s.assessable) / 1000,
        not_assessable_km=sum(s.length_m for s in spoilt) / 1000,
        frames=len(frames),
        spoilt=tuple((_span(s, zone), s.length_m, _in_words(s.reason)) for s in spoilt),
    )


def _span(stretch: ResultStretch, zone: tzinfo) -> str:
    if stretch.started_at is None or stretch.ended_at is None:
        return "-"
    first, last = stretch.started_at.astimezone(zone), stretch.ended_at.astimezone(zone)
    return f"{first:%H:%M:%S} – {last:%H:%M:%S}"


def _silent(result: ScanResult) -> list[ResultFrame]:
    """Photos that could be judged and show no candidate."""
    shown = {frame.id for item in result.candidates for frame in item.frames}
    return [
        frame
        for frame in result.frames
        if frame.offset_s is None and frame.assessable and frame.id not in shown
    ]


def _unassessable(frames: Sequence[ResultFrame]) -> list[tuple[ResultFrame, tuple[str, str]]]:
    """Photos that could not be judged, with the reason in words."""
    return [
        (frame, _in_words(frame.quality_reason))
        for frame in frames
        if frame.offset_s is None and not frame.assessable
    ]


def _in_words(reason: str | None) -> tuple[str, str]:
    known = reason or "-"
    return _QUALITY.get(known, (known, known))


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
