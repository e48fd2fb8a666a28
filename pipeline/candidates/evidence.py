"""Evidence pictures: the shown copy of a frame with the boxes and words of one candidate."""

import io
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageDraw

from zoubian.pipeline.candidates.fonts import Font, FontFile, load_font
from zoubian.pipeline.candidates.rules import SeenFrame, SeenObject, SpotDraft
from zoubian.pipeline.domain.boxes import Box, area, touching
from zoubian.pipeline.domain.geo import distance_m

JPEG_QUALITY = 88
CASING = "#ffffff"

# Frames closer in time and place than both of these show the same view again.
SAME_VIEW_S = 2.0
SAME_VIEW_M = 2.0


@dataclass(frozen=True, slots=True)
class BoxLabel:
    """Words at a box, the colour of both, and whether the class names the candidate."""

    text: str
    colour: str
    naming: bool


def best_frames(draft: SpotDraft, *, limit: int) -> tuple[SeenFrame, ...]:
    """The frames that show a candidate best, the best one first, different views before repeats.

    Good is a naming object that is certain, large in the picture and sharp: the product of its
    score, the root of its share of the area, and the root of the sharpness relative to the spot's
    sharpest frame.
    """
    sharpest = max(frame.sharpness for frame in draft.frames) or 1.0

    def goodness(frame: SeenFrame) -> float:
        frame_area = frame.width_px * frame.height_px
        sharp = math.sqrt(max(frame.sharpness, 0.0) / sharpest)
        return sharp * max(
            (
                seen.score * math.sqrt(area(seen.box_xyxy_px) / frame_area)
                for seen in frame.objects
                if seen.visual_class == draft.visual_class
            ),
            default=0.0,
        )

    ranked = sorted(draft.frames, key=lambda frame: (-goodness(frame), frame.order, frame.id))
    chosen: list[SeenFrame] = []
    repeats: list[SeenFrame] = []
    for frame in ranked:
        repeated = any(_same_view(frame, other) for other in chosen)
        (repeats if repeated else chosen).append(frame)
    return tuple([*chosen, *repeats][:limit])


def draw_evidence(
    shown_copy: Path,
    objects: Sequence[SeenObject],
    labels: Mapping[str, BoxLabel],
    *,
    shown_scale: float,
    font_file: FontFile | None,
) -> bytes:
    """Draw one candidate's boxes on a copy of a frame; the copy itself stays as it is.

    Every member is framed; the best object of the naming class carries the strongest line. Words
    are set where they cover neither other words nor leave the picture, and left out where there is
    no room. The same input gives the same bytes.

    Args:
        objects: boxes in px of the upright original.
        labels: by visual class.
        shown_scale: px of the copy for one px of the original.
        font_file: None draws with Pillow's Latin font: then the labels must be Latin.

    Returns:
        A JPEG.

    Raises:
        OSError: the copy cannot be read.
    """
    with Image.open(shown_copy) as picture:
        canvas = picture.convert("RGB")
    longer = max(canvas.size)
    line_px = max(2, round(longer / 400))
    font = load_font(max(14, round(longer / 36)), font_file)
    # The best naming object last: its frame and words lie on top.
    drawn = sorted(objects, key=lambda o: (labels[o.visual_class].naming, o.score, o.box_xyxy_px))
    pen = ImageDraw.Draw(canvas)
    boxes = [_scaled(o.box_xyxy_px, shown_scale, canvas.size) for o in drawn]
    for seen, box in zip(drawn, boxes, strict=True):
        strong = seen is drawn[-1]
        width = round(line_px * 1.8) if strong else line_px
        _frame_box(pen, box, labels[seen.visual_class].colour, width)
    taken: list[Box] = []
    told: set[str] = set()
    for seen, box in reversed(list(zip(drawn, boxes, strict=True))):
        if seen.visual_class not in told:
            told.add(seen.visual_class)
            _write_label(pen, box, labels[seen.visual_class], font, canvas.size, taken)
    stream = io.BytesIO()
    canvas.save(stream, "JPEG", quality=JPEG_QUALITY, subsampling=0)
    return stream.getvalue()


def _frame_box(pen: ImageDraw.ImageDraw, box: Box, colour: str, width: int) -> None:
    """A line that shows on snow and on asphalt: white casing, colour within."""
    radius = width * 2
    casing = max(1, width // 2)
    outer = (box[0] - casing, box[1] - casing, box[2] + casing, box[3] + casing)
    pen.rounded_rectangle(outer, radius + casing, outline=CASING, width=width + 2 * casing)
    pen.rounded_rectangle(box, radius, outline=colour, width=width)


def _write_label(
    pen: ImageDraw.ImageDraw,
    box: Box,
    label: BoxLabel,
    font: Font,
    size: tuple[int, int],
    taken: list[Box],
) -> None:
    """A plate above the box, else below or inside it; none where only covered places are left."""
    left, top, right, bottom = pen.textbbox((0, 0), label.text, font=font)
    pad = round((bottom - top) * 0.35)
    width, height = right - left + 2 * pad, bottom - top + 2 * pad
    x = min(max(box[0], 0.0), max(size[0] - width, 0.0))
    for y in (box[1] - height - pad, box[3] + pad, box[1] + pad, box[3] - height - pad):
        plate = (x, y, x + width, y + height)
        if y < 0 or plate[3] > size[1] or any(touching(plate, other) for other in taken):
            continue
        taken.append(plate)
        pen.rounded_rectangle(plate, pad, fill=label.colour, outline=CASING, width=max(1, pad // 4))
        pen.text((x + pad - left, y + pad - top), label.text, font=font, fill="#ffffff")
        return


def _scaled(box: Box, scale: float, size: tuple[int, int]) -> Box:
    """The box in px of the copy, inside it and never thinner than its line."""
    x1, y1, x2, y2 = (value * scale for value in box)
    x1, y1 = min(max(x1, 0.0), size[0] - 8.0), min(max(y1, 0.0), size[1] - 8.0)
    return x1, y1, max(min(x2, size[0] - 1.0), x1 + 6.0), max(min(y2, size[1] - 1.0), y1 + 6.0)


def _same_view(a: SeenFrame, b: SeenFrame) -> bool:
    if a.taken_at is None or b.taken_at is None:
        return False
    if abs((a.taken_at - b.taken_at).total_seconds()) > SAME_VIEW_S:
        return False
    return (
        a.position is None
        or b.position is None
        or distance_m(a.position, b.position) <= SAME_VIEW_M
    )
