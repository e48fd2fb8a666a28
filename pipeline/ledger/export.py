"""The ledger as one file that anyone can verify: `docs/verify_ledger.py` needs nothing of ours."""

import os
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from zoubian.pipeline.files import StorageError
from zoubian.pipeline.ledger.canonical import write_canonical, write_time
from zoubian.pipeline.ledger.events import Head
from zoubian.pipeline.ledger.heads import write_head
from zoubian.pipeline.ledger.rows import one_state, stored_head, stored_rows

FORMAT = "zoubian-ledger-1"


def export(session: Session, path: Path, *, at: datetime) -> Head:
    """Write every event's text as one line, after a first line that names the head.

    The file is there whole or not at all; one of that name is replaced.

    Args:
        session: a reading one whose transaction has not begun: one state is written.

    Raises:
        StorageError: the file cannot be written.
    """
    with one_state(session):
        head = stored_head(session) or Head(0, "")
        partial = path.with_name(f"{path.name}.{os.getpid()}.part")
        try:
            with partial.open("w", encoding="utf-8", errors="surrogateescape", newline="") as out:
                out.writelines(_lines(session, head, at))
                out.flush()
                os.fsync(out.fileno())
            partial.replace(path)
        except OSError as error:
            raise StorageError(path.parent, error) from error
        finally:
            with suppress(OSError):
                partial.unlink(missing_ok=True)
    return head


def _lines(session: Session, head: Head, at: datetime) -> Iterator[str]:
    first = {"format": FORMAT, "head": write_head(head), "exported_at": write_time(at)}
    yield write_canonical(first) + "\n"
    for row in stored_rows(session):
        yield row.canonical + "\n"
