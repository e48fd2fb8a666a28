"""From the paths a user names to found photos, videos, tracks, problems and notes."""

import errno
import os
import re
import stat
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from zoubian.pipeline.domain.problems import Note, Problem
from zoubian.pipeline.intake.filetypes import (
    HEAD_BYTES,
    FileType,
    Kind,
    claims_media,
    claims_track,
    claims_video,
    is_playlist,
    is_side_file,
    sniff,
)
from zoubian.pipeline.intake.messages import Message, message


@dataclass(frozen=True, slots=True)
class FoundMedium:
    """A file to analyse.

    `path` is absolute; `shown_path` is what the user named, with the part below it.
    """

    path: Path
    shown_path: str
    kind: Kind
    size_bytes: int
    media_type: str


@dataclass(frozen=True, slots=True)
class Collected:
    """What was found, in natural order of names, each real file once.

    `subtitles` carry the positions of the videos of their name.
    """

    media: tuple[FoundMedium, ...]
    tracks: tuple[Path, ...]
    subtitles: tuple[Path, ...]
    problems: tuple[Problem, ...]
    notes: tuple[Note, ...]


def collect(
    paths: Sequence[Path],
    *,
    skip: Collection[Path] = (),
    max_file_bytes: int = 1_000_000_000,
) -> Collected:
    """Find photos, videos and tracks in files and folders, recursively.

    Args:
        skip: folders not to enter, as the workspace that may lie inside a scanned folder.
        max_file_bytes: larger photos and tracks are problems; nobody reads them whole.
    """
    walk = _Walk(max_file_bytes, skip={os.path.realpath(path) for path in skip})
    for path in paths:
        walk.visit(path)
    return walk.collected()


def natural_key(name: str) -> tuple[list[str | int], str]:
    """Sorts `IMG_2` before `IMG_10`.

    >>> sorted(["IMG_10", "IMG_2"], key=natural_key)
    ['IMG_2', 'IMG_10']
    """
    parts = re.split(r"([0-9]+)", name)
    return [int(part) if i % 2 else part.casefold() for i, part in enumerate(parts)], name


@dataclass(slots=True)
class _Walk:
    """The state of one collecting: what was found and what must not be visited again."""

    max_file_bytes: int
    skip: set[str]
    seen: set[str] = field(default_factory=set)
    loops: set[str] = field(default_factory=set)
    media: list[FoundMedium] = field(default_factory=list)
    tracks: list[Path] = field(default_factory=list)
    subtitles: list[Path] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    side_files: dict[str, tuple[str, int]] = field(default_factory=dict)
    repeated: list[str] = field(default_factory=list)

    def visit(self, root: Path) -> None:
        """Take in `root` and, where it is a folder, everything below (no recursion: depth is
        the user's)."""
        waiting = [root]
        while waiting:
            path = waiting.pop()
            if path is not root and is_side_file(path.name):
                self._skip_side_file(root, path)
                continue
            found = self._stat(path)
            if found is None:
                continue
            real = os.path.realpath(path)
            if stat.S_ISDIR(found.st_mode) and path is not root and _leads_up(path, real):
                self._loop(path, real)
            elif real in self.seen:
                self.repeated.append(_shown(path))
            elif real not in self.skip:
                self.seen.add(real)
                if stat.S_ISDIR(found.st_mode):
                    waiting.extend(reversed(self._entries(path)))
                elif stat.S_ISREG(found.st_mode):
                    self._file(root, path, found.st_size)
                else:
                    self._problem(path, message("not_a_file"))

    def collected(self) -> Collected:
        side = [
            message("side_files", count=count, kind=kind).note(where)
            for kind, (where, count) in sorted(self.side_files.items())
        ]
        if self.repeated:
            side.append(message("repeated", count=len(self.repeated)).note(self.repeated[0]))
        return Collected(
            tuple(self.media),
            tuple(self.tracks),
            tuple(self.subtitles),
            tuple(self.problems),
            tuple(side),
        )

    def _stat(self, path: Path) -> os.stat_result | None:
        if not _is_unicode(path):
            self._problem(path, message("name_not_unicode"))
            return None
        try:
            return path.stat()
        except FileNotFoundError:
            self._problem(path, message("dangling_link" if path.is_symlink() else "missing"))
        except OSError as error:
            if error.errno == errno.ELOOP:
                self._loop(path, min(_link_chain(path)))
            else:
                self._problem(path, message("unreadable", reason=error.strerror))
        return None

    def _entries(self, folder: Path) -> list[Path]:
        try:
            names = os.listdir(folder)
        except OSError as error:
            self._problem(folder, message("unreadable", reason=error.strerror))
            return []
        return [folder / name for name in sorted(names, key=natural_key)]

    def _file(self, root: Path, path: Path, size_bytes: int) -> None:
        promised = claims_media(path.suffix) or claims_track(path.suffix)
        if size_bytes == 0:
            if promised or path is root:
                self._problem(path, message("empty"))
            else:
                self._skip_side_file(root, path)
            return
        try:
            with path.open("rb") as file:
                head = file.read(HEAD_BYTES)
        except OSError as error:
            self._problem(path, message("unreadable", reason=error.strerror))
            return
        kind = sniff(head)
        if kind is None and is_playlist(head):
            self._problem(path, message("playlist_refused"))
            return
        if kind is None and claims_track(path.suffix):
            kind = FileType("track", "application/octet-stream")  # its reader says what is wrong
        if kind is not None:
            self._medium(path, kind, size_bytes)
        elif promised:
            is_video = claims_video(path.suffix)
            self._problem(path, message("not_a_video" if is_video else "not_a_picture"))
        else:
            self._skip_side_file(root, path)

    def _medium(self, path: Path, found: FileType, size_bytes: int) -> None:
        if found.kind != "video" and size_bytes > self.max_file_bytes:
            sizes = {
                "megabytes": size_bytes // 1_000_000,
                "limit_megabytes": self.max_file_bytes // 1_000_000,
            }
            self._problem(path, message("too_large_file", **sizes))
        elif found.kind == "track":
            self.tracks.append(path.absolute())
        elif found.kind == "subtitle":
            self.subtitles.append(path.absolute())
        else:
            self.media.append(
                FoundMedium(path.absolute(), _shown(path), found.kind, size_bytes, found.media_type)
            )

    def _loop(self, path: Path, key: str) -> None:
        if key not in self.loops:
            self.loops.add(key)
            self._problem(path, message("symlink_loop"))

    def _skip_side_file(self, root: Path, path: Path) -> None:
        kind = "._*" if path.name.startswith("._") else path.suffix.lower() or path.name
        where, count = self.side_files.get(kind, (_shown(root), 0))
        self.side_files[kind] = where, count + 1

    def _problem(self, path: Path, why: Message) -> None:
        self.problems.append(why.problem(_shown(path)))


def _leads_up(link: Path, target: str) -> bool:
    """Whether a folder inside a scanned folder is a link to itself or to a folder above."""
    return Path(os.path.realpath(link.parent)).is_relative_to(target)


def _link_chain(link: Path) -> set[str]:
    """The links of a ring, from any of its members."""
    chain: set[str] = set()
    at = os.path.abspath(link)
    while at not in chain and os.path.islink(at):
        chain.add(at)
        at = os.path.normpath(os.path.join(os.path.dirname(at), os.readlink(at)))
    return chain or {at}


def _is_unicode(path: Path) -> bool:
    try:
        str(path).encode()
    except UnicodeEncodeError:
        return False
    return True


def _shown(path: Path) -> str:
    """The path as text that can be printed and stored, whatever bytes its name has."""
    return str(path) if _is_unicode(path) else os.fsencode(path).decode("gb18030", "replace")
