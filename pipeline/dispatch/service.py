"""Urging: what each unit gets to read, and the event in the ledger that says it was urged."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from zoubian.datasets.classes.models import Category
from zoubian.pipeline.candidates.fonts import FontFile
from zoubian.pipeline.dispatch.due_list import all_due_cases
from zoubian.pipeline.dispatch.urge_picture import urge_pictures
from zoubian.pipeline.dispatch.urge_text import urge_texts
from zoubian.pipeline.dispatch.urge_workbook import urge_workbook
from zoubian.pipeline.dispatch.urging import Level, UrgeSheet, urge_sheets
from zoubian.pipeline.domain.actors import Actor
from zoubian.pipeline.domain.cases import CaseAction
from zoubian.pipeline.domain.ids import new_id
from zoubian.pipeline.domain.local_time import local_clock
from zoubian.pipeline.domain.refusals import Refusal
from zoubian.pipeline.ledger.cases import act, lock

_NOT_IN_NAMES = '\\/:*?"<>|'


@dataclass(frozen=True, slots=True)
class UrgeRules:
    """How an urging is cut and drawn.

    Attributes:
        longest_text: characters of one message.
        tallest_px: height of one picture.
        font: for the pictures; without one there are none.
    """

    longest_text: int
    tallest_px: int
    font: FontFile | None


@dataclass(frozen=True, slots=True)
class Urged:
    """What one urging did.

    Attributes:
        batch: names it in the ledger.
        logged: cases whose urging stands in the ledger.
        refused: cases that were no longer to be urged when it was logged, and why.
    """

    batch: str
    logged: tuple[str, ...]
    refused: Mapping[str, Refusal]


def sheets_to_urge(
    session: Session,
    *,
    now: datetime,
    categories: Mapping[str, Category],
    unit_names: Mapping[str, str],
    unit_ids: Sequence[str] | None,
) -> list[UrgeSheet]:
    """What there is to urge at `now`: a sheet for each unit with due or overdue cases."""
    cases = all_due_cases(session, now=now, categories=categories, unit_ids=unit_ids)
    return urge_sheets(cases, unit_names, made_at=now)


def write_sheet(sheet: UrgeSheet, folder: Path, rules: UrgeRules) -> list[Path]:
    """Write a unit's messages, workbook and pictures into `folder`, named so that they sort.

    Raises:
        OSError: the folder cannot be written.
    """
    stem = f"{sheet.title}-{_file_name(sheet)}-{local_clock(sheet.made_at):%Y%m%d-%H%M}"
    contents: list[tuple[str, bytes]] = [(f"{stem}.xlsx", urge_workbook(sheet))]
    texts = urge_texts(sheet, longest=rules.longest_text)
    contents += _numbered(stem, ".txt", [text.encode() for text in texts])
    if rules.font is not None:
        pictures = urge_pictures(sheet, rules.font, tallest_px=rules.tallest_px)
        contents += _numbered(stem, ".png", pictures)
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in contents:
        (folder / name).write_bytes(content)
    return [folder / name for name, _ in contents]


def log_urging(
    session: Session, sheets: Sequence[UrgeSheet], *, actor: Actor, now: datetime
) -> Urged:
    """Note in the ledger that cases were urged; those that moved on meanwhile are left out."""
    batch = new_id(now)
    cases = {case.case_id: case for sheet in sheets for case in sheet.cases}
    lock(session, sorted(cases))
    logged: list[str] = []
    refused: dict[str, Refusal] = {}
    for case_id, case in sorted(cases.items()):
        details = {
            "level": "supervise" if case.level is Level.SUPERVISE else "urge",
            "unit_id": case.unit_id,
            "due_at": case.due_at.isoformat(),
            "batch": batch,
        }
        try:
            act(
                session,
                case_id,
                CaseAction.URGE,
                actor=actor,
                details=details,
                version=None,
                at=now,
                recorded_at=now,
            )
        except Refusal as refusal:
            refused[case_id] = refusal
        else:
            logged.append(case_id)
    return Urged(batch, tuple(logged), refused)


def _file_name(sheet: UrgeSheet) -> str:
    """The unit's name as a file may be called."""
    return "".join("_" if c in _NOT_IN_NAMES or ord(c) < 32 else c for c in sheet.unit_zh)


def _numbered(stem: str, ending: str, contents: Sequence[bytes]) -> list[tuple[str, bytes]]:
    if len(contents) == 1:
        return [(f"{stem}{ending}", contents[0])]
    return [(f"{stem}-{n}{ending}", content) for n, content in enumerate(contents, start=1)]
