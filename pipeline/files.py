"""The file store: content under the name of its SHA-256, whole or not there."""

import hashlib
import os
import re
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

_BLOCK_BYTES = 1 << 20
_PARTIAL_S = 24 * 3600.0
_SHA256 = re.compile(r"[0-9a-f]{64}")


class StorageError(Exception):
    """The store cannot be written: no space, no right, no disk.

    Attributes:
        code: stable word for programs.
        message_zh: one line in Chinese.
        message_en: the same line in English.
    """

    code = "storage"

    def __init__(self, folder: Path, error: OSError) -> None:
        super().__init__(f"{folder}: {error}")
        self.message_zh = f"无法写入 {folder}：{error.strerror}"
        self.message_en = f"cannot write to {folder}: {error.strerror}"


class FileStore:
    """A folder of files named by their SHA-256, in folders named by its first two digits.

    Writing is atomic (temporary file, fsync, rename) and idempotent: a process killed at any
    moment leaves a whole file or none, and the same bytes are kept once.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put_bytes(self, content: bytes) -> str:
        """Store `content`; returns its SHA-256 in hexadecimal.

        Raises:
            StorageError: the store cannot be written.
        """
        sha256 = hashlib.sha256(content).hexdigest()
        return sha256 if self.path(sha256).exists() else self._keep([content])

    def put_file(self, source: Path) -> str:
        """Store a copy of `source`, read in blocks; returns its SHA-256 in hexadecimal.

        Raises:
            OSError: `source` cannot be read.
            StorageError: the store cannot be written.
        """
        with source.open("rb") as stream:
            sha256 = hashlib.file_digest(stream, "sha256").hexdigest()
            if self.path(sha256).exists():
                return sha256
            stream.seek(0)
            return self._keep(iter(lambda: stream.read(_BLOCK_BYTES), b""))

    def put_stream(self, stream: BinaryIO) -> str:
        """Store what is left of `stream`, read in blocks; returns its SHA-256 in hexadecimal.

        Raises:
            StorageError: the store cannot be written.
        """
        return self._keep(iter(lambda: stream.read(_BLOCK_BYTES), b""))

    def put_link(self, source: Path, sha256: str) -> None:
        """Store `source`, whose SHA-256 is known and which changes no more, without copying it
        where the file system allows that; `source` stays and may be removed afterwards.

        Raises:
            StorageError: the store cannot be written.
        """
        target = self.path(sha256)
        if target.exists():
            return
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            os.link(source, target)
            _sync_folder(target.parent)
        except FileExistsError:
            return
        except OSError:
            self.put_file(source)  # another disk, or one without links

    def forget_partial(self) -> None:
        """Remove what killed processes left half-written; live ones need less than a day."""
        for path in (self.folder / "partial").glob("*"):
            with suppress(FileNotFoundError):
                if time.time() - path.stat().st_mtime > _PARTIAL_S:
                    path.unlink()

    def path(self, sha256: str) -> Path:
        """Where the content lies, or would lie.

        Raises:
            ValueError: `sha256` is not 64 hexadecimal digits.
        """
        if not _SHA256.fullmatch(sha256):
            raise ValueError(f"sha256: expected 64 lower-case hexadecimal digits, got {sha256!r}")
        return self.folder / sha256[:2] / sha256

    def open(self, sha256: str) -> BinaryIO:
        """The content as a stream.

        Raises:
            FileNotFoundError: nothing is stored under this name.
        """
        return self.path(sha256).open("rb")

    def _keep(self, blocks: Iterable[bytes]) -> str:
        # Hashed while it is written: a source may change after its first reading, and the name
        # must be that of the bytes that are kept.
        digest = hashlib.sha256()
        try:
            with _temporary(self.folder / "partial") as (path, stream):
                for block in blocks:
                    digest.update(block)
                    stream.write(block)
                stream.flush()
                os.fsync(stream.fileno())
                target = self.path(digest.hexdigest())
                target.parent.mkdir(exist_ok=True)
                os.replace(path, target)
                _sync_folder(target.parent)
        except OSError as error:
            raise StorageError(self.folder, error) from error
        return digest.hexdigest()


@contextmanager
def _temporary(folder: Path) -> Iterator[tuple[Path, BinaryIO]]:
    """A new file, removed in the end unless it was renamed; what a killed process left stays in
    its folder, apart from the content."""
    folder.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=folder)
    try:
        with os.fdopen(handle, "wb") as stream:
            yield Path(name), stream
    finally:
        with suppress(FileNotFoundError):
            os.unlink(name)


def _sync_folder(folder: Path) -> None:
    """Make a rename in `folder` survive a power cut."""
    if os.name == "nt":
        return  # Windows has no fsync of folders
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
