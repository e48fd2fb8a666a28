"""The long picture of an urging, to be read on a phone; long lists become several pictures."""

import io
from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image, ImageDraw

from zoubian.pipeline.candidates.fonts import Font, FontFile, load_font
from zoubian.pipeline.dispatch.urging import (
    LEVEL_WORDS,
    DueCase,
    Level,
    UrgeSheet,
    due_in_words,
    history_in_words,
    state_in_words,
    when_in_words,
)
from zoubian.pipeline.dispatch.wrapping import wrap

WIDTH_PX = 1080  # of the phones' own screens: shown without scaling
_MARGIN = 48
_PAD = 32
_BAR = 14
_GAP = 24
_LEADING = 1.42
_COLOURS = {Level.SUPERVISE: "#b3261e", Level.OVERDUE: "#b65a00", Level.SOON: "#8a6d00"}
_INK, _GREY, _PAPER, _CARD, _HEAD = "#1b1f24", "#55606b", "#eef1f4", "#ffffff", "#1f3a57"
_SHADES = 64  # colours of the file: enough for smooth letters, and small to send


@dataclass(frozen=True, slots=True)
class _Line:
    """One line of a card; `right` stands at the card's other side."""

    text: str
    size: int
    colour: str
    right: str = ""


@dataclass(frozen=True, slots=True)
class _Card:
    """One case as drawn lines."""

    colour: str
    lines: tuple[_Line, ...]

    @property
    def height(self) -> int:
        return 2 * _PAD + sum(_line_px(line.size) for line in self.lines)


class _Fonts:
    """The one font at the sizes that are used."""

    def __init__(self, found: FontFile) -> None:
        self._found = found
        self._sizes: dict[int, Font] = {}

    def at(self, size: int) -> Font:
        if size not in self._sizes:
            self._sizes[size] = load_font(size, self._found)
        return self._sizes[size]

    def width(self, text: str, size: int) -> float:
        return self.at(size).getlength(text)

    def wrapped(self, text: str, size: int, width: float) -> list[str]:
        return wrap(text, width, lambda part: self.width(part, size))


def urge_pictures(sheet: UrgeSheet, font: FontFile, *, tallest_px: int) -> list[bytes]:
    """PNG files for one unit, each at most about `tallest_px` high; no case is torn over two."""
    fonts = _Fonts(font)
    cards = [_card(number, case, sheet, fonts) for number, case in enumerate(sheet.cases, start=1)]
    pages: list[list[_Card]] = [[]]
    height = 0
    for card in cards:
        if pages[-1] and height + card.height > tallest_px:
            pages.append([])
            height = 0
        pages[-1].append(card)
        height += card.height + _GAP
    return [
        _draw(page, _head(sheet, number, len(pages), fonts), _foot(sheet, fonts), fonts)
        for number, page in enumerate(pages, start=1)
    ]


def _card(number: int, case: DueCase, sheet: UrgeSheet, fonts: _Fonts) -> _Card:
    colour = _COLOURS[case.level]
    inner = WIDTH_PX - 2 * _MARGIN - _BAR - 2 * _PAD
    state = state_in_words(case, sheet.made_at)
    if case.level is Level.SUPERVISE:
        state = f"{LEVEL_WORDS[case.level]}　{state}"
    lines = [_Line(f"{number}. {case.number}", 38, _GREY, state)]
    lines += [_Line(part, 44, _INK) for part in fonts.wrapped(case.category_zh, 44, inner)]
    lines += [_Line(part, 40, _INK) for part in fonts.wrapped(case.place_zh, 40, inner)]
    for told in (f"应于{due_in_words(case)}前整改", history_in_words(case)):
        lines += [_Line(part, 36, _GREY) for part in fonts.wrapped(told, 36, inner) if part]
    return _Card(colour, tuple(lines))


def _head(sheet: UrgeSheet, page: int, pages: int, fonts: _Fonts) -> list[_Line]:
    inner = WIDTH_PX - 2 * _MARGIN
    of = f"（{page}/{pages}）" if pages > 1 else ""
    counts = "　".join(f"{LEVEL_WORDS[level]} {n} 件" for level, n in sheet.counts().items())
    white, pale = "#ffffff", "#d5e0ea"
    titles = fonts.wrapped(f"{sheet.unit_zh} {sheet.title}{of}", 56, inner)
    until = f"截至{when_in_words(sheet.made_at)}，待整改案件 {len(sheet.cases)} 件"
    return [
        *(_Line(part, 56, white) for part in titles),
        *(_Line(part, 38, pale) for part in fonts.wrapped(until, 38, inner)),
        *(_Line(part, 42, white) for part in fonts.wrapped(counts, 42, inner)),
    ]


def _foot(sheet: UrgeSheet, fonts: _Fonts) -> list[_Line]:
    said = ("请尽快整改并回传照片；确需延期、挂账或非本单位的，请及时提出。", *sheet.remarks())
    inner = WIDTH_PX - 2 * _MARGIN
    return [_Line(part, 34, _GREY) for text in said for part in fonts.wrapped(text, 34, inner)]


def _draw(
    cards: Sequence[_Card], head: Sequence[_Line], foot: Sequence[_Line], fonts: _Fonts
) -> bytes:
    head_px = 2 * _MARGIN + sum(_line_px(line.size) for line in head)
    foot_px = _MARGIN + sum(_line_px(line.size) for line in foot)
    body_px = sum(card.height + _GAP for card in cards)
    canvas = Image.new("RGB", (WIDTH_PX, head_px + _GAP + body_px + foot_px), _PAPER)
    pen = ImageDraw.Draw(canvas)
    pen.rectangle((0, 0, WIDTH_PX, head_px), fill=_HEAD)
    _write(pen, head, _MARGIN, _MARGIN, WIDTH_PX - _MARGIN, fonts, right_colour=_INK)
    top = head_px + _GAP
    for card in cards:
        right = WIDTH_PX - _MARGIN
        pen.rounded_rectangle((_MARGIN, top, right, top + card.height), 16, fill=_CARD)
        pen.rectangle((_MARGIN, top, _MARGIN + _BAR, top + card.height), fill=card.colour)
        left = _MARGIN + _BAR + _PAD
        _write(pen, card.lines, left, top + _PAD, right - _PAD, fonts, right_colour=card.colour)
        top += card.height + _GAP
    _write(pen, foot, _MARGIN, top, WIDTH_PX - _MARGIN, fonts, right_colour=_INK)
    stream = io.BytesIO()
    # The default median cut and the strongest packing take ten times as long for a tenth less.
    small = canvas.quantize(_SHADES, method=Image.Quantize.FASTOCTREE)
    small.save(stream, "PNG", compress_level=6)
    return stream.getvalue()


def _write(
    pen: ImageDraw.ImageDraw,
    lines: Sequence[_Line],
    left: float,
    top: float,
    right: float,
    fonts: _Fonts,
    *,
    right_colour: str,
) -> None:
    for line in lines:
        font = fonts.at(line.size)
        pen.text((left, top), line.text, font=font, fill=line.colour)
        if line.right:
            at = (right - fonts.width(line.right, line.size), top)
            pen.text(at, line.right, font=font, fill=right_colour)
        top += _line_px(line.size)


def _line_px(size: int) -> int:
    return round(size * _LEADING)
