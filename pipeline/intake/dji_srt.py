"""Positions in the subtitle file that a DJI camera writes beside each clip."""

import re
from datetime import datetime

from zoubian.pipeline.intake.clip_fixes import ClipFix

_CUE = re.compile(r"(\d+):(\d\d):(\d\d)[,.](\d{1,3})\s*-->")
# Newer firmware names the numbers (one long series misspells one of them); older writes
# "GPS(lon,lat,height)", longitude first.
_NAMED = re.compile(r"\[\s*latitude\s*:\s*(-?[\d.]+)\s*\].*?\[\s*long(?:t)?itude\s*:\s*(-?[\d.]+)",
                    re.DOTALL)  # fmt: skip
_BRACKETED = re.compile(r"GPS\s*\(\s*(-?[\d.]+)[M,\s]+(-?[\d.]+)")
_MOST_SAID = 2000  # characters of a cue; real ones have 400
_CLOCK = re.compile(r"(\d{4})[-.](\d\d)[-.](\d\d) (\d\d):(\d\d):(\d\d)")


def is_position_srt(text: str) -> bool:
    """Whether the first kilobytes of a text are subtitles with positions in them."""
    return _CUE.search(text) is not None and (
        _NAMED.search(text) is not None or _BRACKETED.search(text) is not None
    )


def dji_fixes(text: str) -> list[ClipFix]:
    """The positions in a subtitle file; cues without one are left out.

    The clock in it is the camera's local one: `when` is naive.

    >>> dji_fixes("1\\n00:00:01,500 --> 00:00:02,000\\nGPS(125.32,43.88,19) D 4m")[0].lat
    43.88
    """
    starts = list(_CUE.finditer(text))
    ends = [*(cue.start() for cue in starts[1:]), len(text)]
    fixes = []
    for cue, end in zip(starts, ends, strict=True):
        fix = _cue_fix(cue, text[cue.end() : min(end, cue.end() + _MOST_SAID)])
        if fix is not None:
            fixes.append(fix)
    return fixes


def _cue_fix(cue: re.Match[str], said: str) -> ClipFix | None:
    hours, minutes, seconds, fraction = cue.groups()
    offset_s = int(hours) * 3600 + int(minutes) * 60 + int(seconds) + float(f"0.{fraction}")
    named, bracketed = _NAMED.search(said), _BRACKETED.search(said)
    try:
        if named is not None:
            lat, lon = float(named[1]), float(named[2])
        elif bracketed is not None:
            lon, lat = float(bracketed[1]), float(bracketed[2])
        else:
            return None
    except ValueError:
        return None
    return ClipFix(offset_s, lat, lon, None, _local_clock(said))


def _local_clock(said: str) -> datetime | None:
    clock = _CLOCK.search(said)
    if clock is None:
        return None
    year, month, day, hour, minute, second = map(int, clock.groups())
    try:
        return datetime(year, month, day, hour, minute, second)
    except ValueError:
        return None
