"""The file store: content under the name of its SHA-256, whole or not there."""

import hashlib
import os
import re
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

_BLOCK_BYTES = 1 << 20
_SHA256 = re.compile(r"[0-9a-f]{64}")


class FileStore:
    """A folder of files named by their SHA-256, in folders named by its first two digits.

    Writing is atomic (temporary file, fsync, rename) and idempotent: a process killed at any
    moment leaves a whole file or none, and the same bytes are kept once.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put_bytes(self, content: bytes) -> str:
        """Store `content`; returns its SHA-256 in hexadecimal."""
        sha256 = hashlib.sha256(content).hexdigest()
        if not self.path(sha256).exists():
            with _Incoming(self.folder) as incoming:
                incoming.write(content)
                self._keep(incoming)
        return sha256

    def put_file(self, source: Path) -> str:
        """Store a copy of `source`, read in blocks; returns its SHA-256 in hexadecimal.

        Raises:
            OSError: `source` cannot be read, or the disk is full.
        """
        with source.open("rb") as stream:
            sha256 = hashlib.file_digest(stream, "sha256").hexdigest()
            if self.path(sha256).exists():
                return sha256
            stream.seek(0)
            # Hashed again while copying: the file may be written to at this moment, and the name
            # must be that of the bytes that are kept.
            with _Incoming(self.folder) as incoming:
                while block := stream.read(_BLOCK_BYTES):
                    incoming.write(block)
                return self._keep(incoming)

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

    def _keep(self, incoming: "_Incoming") -> str:
        sha256 = incoming.digest.hexdigest()
        target = self.path(sha256)
        target.parent.mkdir(exist_ok=True)
        incoming.stream.flush()
        os.fsync(incoming.stream.fileno())
        os.replace(incoming.path, target)
        _sync_folder(target.parent)
        return sha256


class _Incoming:
    """A temporary file beside its target, hashed as it is written, removed unless renamed."""

    def __init__(self, folder: Path) -> None:
        # Kept apart from the content, so that what a killed process left can be told from it.
        partial = folder / "partial"
        partial.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=partial)
        self.path = Path(name)
        self.stream = os.fdopen(handle, "wb")
        self.digest = hashlib.sha256()

    def write(self, block: bytes) -> None:
        self.digest.update(block)
        self.stream.write(block)

    def __enter__(self) -> "_Incoming":
        return self

    def __exit__(self, *_: object) -> None:
        self.stream.close()
        with suppress(FileNotFoundError):
            self.path.unlink()


def _sync_folder(folder: Path) -> None:
    """Make a rename in `folder` survive a power cut."""
    if os.name == "nt":
        return  # Windows has no fsync of folders
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
