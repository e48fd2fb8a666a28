"""A font for the words on evidence pictures: Chinese if the machine has one, never tofu boxes."""

import os
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from PIL import ImageFont

Font = ImageFont.FreeTypeFont | ImageFont.ImageFont

# By preference; the number is that of the simplified Chinese face in a collection.
_CJK_FONTS = (
    ("NotoSansCJK-Bold.ttc", 2),
    ("NotoSansCJK-Regular.ttc", 2),
    ("NotoSansSC-Bold.otf", 0),
    ("NotoSansSC-Regular.otf", 0),
    ("SourceHanSansSC-Bold.otf", 0),
    ("SourceHanSansCN-Regular.otf", 0),
    ("wqy-zenhei.ttc", 0),
    ("wqy-microhei.ttc", 0),
    ("DroidSansFallbackFull.ttf", 0),
    ("msyhbd.ttc", 0),
    ("msyh.ttc", 0),
    ("simhei.ttf", 0),
    ("PingFang.ttc", 0),
    ("STHeiti Medium.ttc", 0),
    ("Hiragino Sans GB.ttc", 0),
)
_SAMPLE = "垃圾箱满溢"


@dataclass(frozen=True, slots=True)
class FontFile:
    """A font file and which of its faces to use."""

    path: Path
    face: int

    def __str__(self) -> str:
        return str(self.path)


def font_folders() -> tuple[Path, ...]:
    """Where this system keeps fonts."""
    home = Path.home()
    if os.name == "nt":
        windows = Path(os.environ.get("WINDIR", r"C:\Windows"))
        return (windows / "Fonts", home / "AppData/Local/Microsoft/Windows/Fonts")
    if sys.platform == "darwin":
        return (Path("/System/Library/Fonts"), Path("/Library/Fonts"), home / "Library/Fonts")
    return (
        Path("/usr/share/fonts"),
        Path("/usr/local/share/fonts"),
        home / ".local/share/fonts",
        home / ".fonts",
    )


def find_cjk_font(folders: tuple[Path, ...] | None = None) -> FontFile | None:
    """The best font with simplified Chinese on this machine, None without one."""
    return _find(font_folders() if folders is None else folders)


def load_font(size_px: int, found: FontFile | None) -> Font:
    """The found font, or Pillow's own Latin one, at a size in px."""
    if found is None:
        return ImageFont.load_default(size_px)
    return ImageFont.truetype(found.path, size_px, index=found.face)


@cache
def _find(folders: tuple[Path, ...]) -> FontFile | None:
    lying: dict[str, Path] = {}
    for folder in folders:
        for path in sorted(folder.rglob("*.[to]t[cf]")):
            lying.setdefault(path.name, path)
    for name, face in _CJK_FONTS:
        if name in lying and _draws_chinese(font := FontFile(lying[name], face)):
            return font
    return None


def _draws_chinese(found: FontFile) -> bool:
    """Whether each sample character has a drawing of its own (a lacking one is drawn as a box)."""
    try:
        font = load_font(24, found)
    except OSError:
        return False
    return len({bytes(font.getmask(character)) for character in _SAMPLE}) == len(_SAMPLE)
