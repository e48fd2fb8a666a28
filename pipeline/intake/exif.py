"""What a photo says about itself: where, when, which way, with which camera."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import Any

from PIL import ExifTags, Image

from zoubian.pipeline.domain.geo import Position
from zoubian.pipeline.intake.capture_time import YEARS, gps_time, local_time
from zoubian.pipeline.intake.datum import Crs, crs_from_name, wgs84_position
from zoubian.pipeline.intake.messages import Message, message
from zoubian.pipeline.intake.picture import open_picture, recorded_warnings

_Gps = ExifTags.GPS
_Tag = ExifTags.Base
_CLOCKS_AGREE = timedelta(minutes=10)  # phones stamp the last fix, which may be minutes old


@dataclass(frozen=True, slots=True)
class PhotoFacts:
    """What EXIF tells; None where it does not.

    Attributes:
        position: WGS-84.
        taken_at: aware UTC.
        heading_deg: where the camera looked, clockwise from north (`heading_is_magnetic`: from
            magnetic north), 0 <= heading < 360.
        focal_length_35mm: focal length as on 36 mm wide film, in mm.
    """

    position: Position | None = None
    taken_at: datetime | None = None
    heading_deg: float | None = None
    heading_is_magnetic: bool = False
    camera_make: str | None = None
    camera_model: str | None = None
    focal_length_35mm: float | None = None
    notes: tuple[Message, ...] = ()


def read_exif(data: bytes, *, tz: tzinfo, crs: Crs, default_error_m: float) -> PhotoFacts:
    """Read a photo's EXIF. Broken or missing EXIF is a note or silence, never an exception.

    Args:
        data: the photo file's bytes.
        tz: of capture times that come without an offset.
        crs: the datum of positions whose photo names none, or none but WGS-84.
        default_error_m: radius of positions whose photo does not give one.
    """
    with recorded_warnings() as warned:
        image = open_picture(data)
        if isinstance(image, Message):
            return PhotoFacts()
        try:
            tags, camera, gps = _directories(image)
        except Exception:  # Pillow's EXIF parser has no common error; the picture is used anyway
            return PhotoFacts(notes=(message("exif_broken"),))
    lost = bool(image.info.get("exif")) and not tags
    broken = lost or any("orrupt EXIF" in str(warning.message) for warning in warned)
    notes = [message("exif_broken")] if broken else []
    position = _position(gps, crs=crs, default_error_m=default_error_m, notes=notes)
    heading = _number(gps.get(_Gps.GPSImgDirection))
    focal = _number(camera.get(_Tag.FocalLengthIn35mmFilm))
    return PhotoFacts(
        position=position,
        taken_at=_taken_at({**tags, **camera}, gps, tz=tz, notes=notes),
        heading_deg=heading % 360.0 if heading is not None and 0 <= heading <= 360 else None,
        heading_is_magnetic=_text(gps.get(_Gps.GPSImgDirectionRef)).upper() == "M",
        camera_make=_text(tags.get(_Tag.Make)) or None,
        camera_model=_text(tags.get(_Tag.Model)) or None,
        focal_length_35mm=focal if focal is not None and 1 <= focal <= 5000 else None,
        notes=tuple(notes),
    )


Tags = Mapping[int, Any]


def _directories(image: Image.Image) -> tuple[Tags, Tags, Tags]:
    """The main, camera and GPS directories."""
    exif = image.getexif()
    return dict(exif), exif.get_ifd(ExifTags.IFD.Exif), exif.get_ifd(ExifTags.IFD.GPSInfo)


def _position(
    gps: Tags, *, crs: Crs, default_error_m: float, notes: list[Message]
) -> Position | None:
    if _Gps.GPSLatitude not in gps and _Gps.GPSLongitude not in gps:
        return None
    if _text(gps.get(_Gps.GPSStatus)).upper() == "V":
        notes.append(message("position_void"))
        return None
    lat = _signed(gps.get(_Gps.GPSLatitude), _text(gps.get(_Gps.GPSLatitudeRef)), "NS", 90)
    lon = _signed(gps.get(_Gps.GPSLongitude), _text(gps.get(_Gps.GPSLongitudeRef)), "EW", 180)
    if lat is None or lon is None:
        notes.append(message("position_damaged"))
        return None
    if lat == 0 and lon == 0:
        notes.append(message("position_zero"))
        return None
    if not (_text(gps.get(_Gps.GPSLatitudeRef)) and _text(gps.get(_Gps.GPSLongitudeRef))):
        notes.append(message("position_ref_assumed"))
    named = _text(gps.get(_Gps.GPSMapDatum))
    told = crs_from_name(named)
    if named and told is None:
        notes.append(message("datum_unknown", datum=named))
    elif told == "gcj02":
        notes.append(message("datum_gcj02"))
    error_m = _number(gps.get(_Gps.GPSHPositioningError))
    return wgs84_position(
        lat,
        lon,
        error_m=error_m if error_m is not None and error_m > 0 else default_error_m,
        crs="gcj02" if told == "gcj02" else crs,
    )


def _signed(value: object, ref: str, letters: str, limit_deg: float) -> float | None:
    """Degrees, minutes, seconds and a letter as signed degrees.

    Letters may be words or lower case; without one, north and east are taken and a sign counts.
    """
    numbers = _numbers(value)
    if not 1 <= len(numbers) <= 3 or any(number is None for number in numbers):
        return None
    degrees, minutes, seconds = (*(n for n in numbers if n is not None), 0.0, 0.0)[:3]
    letter = ref[:1].upper()
    if letter and letter not in letters:
        return None
    if not (0 <= minutes <= 60 and 0 <= seconds <= 60):
        return None
    size = abs(degrees) + minutes / 60 + seconds / 3600
    negative = degrees < 0 or letter == letters[1]
    return (-size if negative else size) if size <= limit_deg else None


def _taken_at(tags: Tags, gps: Tags, *, tz: tzinfo, notes: list[Message]) -> datetime | None:
    satellite = gps_time(
        _text(gps.get(_Gps.GPSDateStamp)),
        _numbers(gps.get(_Gps.GPSTimeStamp)),
    )
    for time_tag, fraction_tag, offset_tag in (
        (_Tag.DateTimeOriginal, _Tag.SubsecTimeOriginal, _Tag.OffsetTimeOriginal),
        (_Tag.DateTimeDigitized, _Tag.SubsecTimeDigitized, _Tag.OffsetTimeDigitized),
        (_Tag.DateTime, _Tag.SubsecTime, _Tag.OffsetTime),
    ):
        text = _text(tags.get(time_tag))
        if not any(digit in text for digit in "123456789"):
            continue  # missing, or blank by the standard's own words for "unknown"
        camera = local_time(text, _text(tags.get(fraction_tag)), _text(tags.get(offset_tag)), tz)
        if camera is None:
            notes.append(message("time_damaged"))
        elif camera.year not in YEARS:
            notes.append(message("time_absurd", year=camera.year))
        else:
            if satellite is not None and abs(camera - satellite) > _CLOCKS_AGREE:
                minutes = round((camera - satellite).total_seconds() / 60)
                notes.append(message("time_differs_from_gps", minutes=minutes))
            return camera
        break
    return satellite


def _numbers(value: object) -> list[float | None]:
    parts = value if isinstance(value, tuple | list) else (value,)
    return [_number(part) for part in parts]


def _number(value: object) -> float | None:
    """A finite number, or None for anything else, as a rational with denominator zero."""
    try:
        number = float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError, ZeroDivisionError, OverflowError):
        return None
    return number if math.isfinite(number) else None


def _text(value: object) -> str:
    """A tag's text, one short printable line; empty for anything else."""
    if isinstance(value, bytes):
        value = value.decode("utf-8", errors="replace")
    if not isinstance(value, str):
        return ""
    line = value.split("\0", 1)[0]
    return "".join(c for c in line if c.isprintable()).strip()[:64]
