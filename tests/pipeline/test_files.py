"""The file store: whole files under their own hash, once."""

import hashlib
import os
from pathlib import Path

import pytest

from zoubian.pipeline.files import FileStore


@pytest.fixture
def files(tmp_path: Path) -> FileStore:
    return FileStore(tmp_path / "files")


def _stored(files: FileStore) -> list[str]:
    return sorted(str(p.relative_to(files.folder)) for p in files.folder.rglob("*") if p.is_file())


@pytest.mark.parametrize("content", [b"", b"one", os.urandom(3 << 20)], ids=len)
def test_keeps_the_same_bytes_once_under_their_hash(
    files: FileStore, tmp_path: Path, content: bytes
) -> None:
    source = tmp_path / "照片 1.jpg"
    source.write_bytes(content)
    sha256 = hashlib.sha256(content).hexdigest()
    assert files.put_bytes(content) == files.put_file(source) == files.put_file(source) == sha256
    assert _stored(files) == [f"{sha256[:2]}/{sha256}"]
    with files.open(sha256) as stream:
        assert stream.read() == content


def test_a_copy_that_fails_leaves_nothing(files: FileStore, tmp_path: Path) -> None:
    with pytest.raises(IsADirectoryError):
        files.put_file(tmp_path)
    assert _stored(files) == []


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "A" * 64, "0" * 63, "0" * 64 + "\n"])
def test_refuses_a_name_that_is_no_hash(files: FileStore, name: str) -> None:
    with pytest.raises(ValueError, match="64 lower-case hexadecimal digits"):
        files.path(name)
