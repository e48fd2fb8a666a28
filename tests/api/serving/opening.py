"""Opens one file as the product does, inside a child: what was said of it."""

from collections.abc import Callable, Iterator
from datetime import UTC
from pathlib import Path

from zoubian.pipeline.intake.exif import read_exif
from zoubian.pipeline.intake.messages import Message
from zoubian.pipeline.intake.photo import PhotoFault, PhotoLimits, decode_photo
from zoubian.pipeline.intake.video_facts import read_facts


def opener(_config: object) -> Callable[[str], Iterator[str | None]]:
    return _open


def _open(name: str) -> Iterator[str | None]:
    path = Path(name)
    if path.suffix in (".mkv", ".mov", ".mp4", ".avi", ".ts"):
        facts = read_facts(path, max_megapixels=40)
        yield facts.code if isinstance(facts, Message) else None
        return
    data = path.read_bytes()
    read_exif(data, tz=UTC, crs="wgs84", default_error_m=8.0)
    photo = decode_photo(data, limits=PhotoLimits(), at_least_px=None)
    yield photo.message.code if isinstance(photo, PhotoFault) else None
