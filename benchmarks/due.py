"""Lists of what is due among 100,000 cases, and counting due times anew.

python benchmarks/due.py [--json]

SQLite in a temporary folder. Rows of cases are written directly (nothing of a list is read from
events); the cases that are counted anew are registered by the real ledger.
"""

import argparse
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from figures import Figure, tell
from sqlalchemy import insert

from zoubian.datasets.classes.lookup import packaged_tables
from zoubian.pipeline.db.engine import UnitOfWork, make_engine
from zoubian.pipeline.db.migrate import migrate
from zoubian.pipeline.deadlines.calendar import seed_calendar
from zoubian.pipeline.deadlines.rules import RuleText, rule_of, store_rule
from zoubian.pipeline.dispatch.due_list import all_due_cases, due_cases, due_counts
from zoubian.pipeline.dispatch.refresh import REFRESH_CHUNK, refresh_due
from zoubian.pipeline.domain.actors import Actor, Role
from zoubian.pipeline.domain.cases import Source
from zoubian.pipeline.domain.clocks import Clock
from zoubian.pipeline.ledger import cases
from zoubian.pipeline.ledger.cases import NewCase
from zoubian.pipeline.ledger.cases_models import CaseRow

CASES, RUNNING, UNITS = 100_000, 4000, 74
REGISTERED = 300
TURNS = 40
LIST_BAR_MS = 150
NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
REVIEWER = Actor("reviewer", Role.REVIEWER)
RULE = RuleText(
    category="bin_overflow",
    condition="overflow",
    condition_zh="垃圾箱满溢",
    condition_en="overflowing",
    amount="15",
    clock=Clock.WORKING_DAYS,
    warning="25%",
    supervision="100%",
    rework="0",
    weather=None,
    city="本市",
    example=False,
    valid_from=None,
    valid_to=None,
    source="",
)
CASE = NewCase(
    category="bin_overflow",
    filing_condition="overflow",
    lat=43.88,
    lon=125.32,
    radius_m=6.0,
    place_zh="人民大街与解放大路交会处东侧约50米",
    place_en=None,
    unit_ids=("unit-01",),
    assisting_unit_ids=(),
    source=Source.PATROL,
    candidate_ids=(),
    photo_sha256s=(),
    external_number=None,
    rule_id=None,
    note=None,
)


def measure() -> list[Figure]:
    """All figures."""
    with tempfile.TemporaryDirectory() as folder:
        engine = make_engine(f"sqlite:///{Path(folder) / 'due.db'}")
        migrate(engine)
        uow = UnitOfWork(engine)
        seed_calendar(uow, now=NOW)
        rule = rule_of(RULE, NOW - timedelta(days=400))
        with uow() as session:
            store_rule(session, rule)
        seconds = _refresh_s(uow, rule.id)
        with uow() as session:
            session.execute(insert(CaseRow), [_row(n, rule.id) for n in range(CASES)])
        figures = [Figure(f"refresh_ms_a_case_of_{REGISTERED}", 1000 * seconds / REGISTERED, None)]
        figures += [
            Figure(f"{name}_ms_p95", _p95_ms(uow, ask), LIST_BAR_MS, at_most=True)
            for name, ask in _questions().items()
        ]
        engine.dispose()
    return figures


def _questions() -> dict[str, Callable[[Any], object]]:
    known = packaged_tables().categories
    return {
        "first_50_due": lambda s: due_cases(s, now=NOW, categories=known, unit_ids=None, limit=50),
        "50_due_of_a_unit": lambda s: due_cases(
            s, now=NOW, categories=known, unit_ids=["unit-07"], limit=50
        ),
        "all_due_of_a_unit": lambda s: all_due_cases(
            s, now=NOW, categories=known, unit_ids=["unit-07"]
        ),
        "counts_of_all_units": lambda s: due_counts(s, now=NOW),
    }


def _p95_ms(uow: UnitOfWork, ask: Callable[[Any], object]) -> float:
    times = []
    for _ in range(TURNS):
        with uow.reading() as session:
            start = time.perf_counter()
            ask(session)
            times.append(1000 * (time.perf_counter() - start))
    return statistics.quantiles(times, n=20)[-1]


def _refresh_s(uow: UnitOfWork, rule_id: str) -> float:
    case = replace(CASE, rule_id=rule_id)
    with uow() as session:
        for n in range(REGISTERED):
            at = NOW - timedelta(minutes=n)
            cases.register(session, case, actor=REVIEWER, at=at, recorded_at=NOW)
    start = time.perf_counter()
    refresh_due(uow, chunk=REFRESH_CHUNK)
    return time.perf_counter() - start


def _row(number: int, rule_id: str) -> dict[str, Any]:
    dice = random.Random(number)
    running = number % (CASES // RUNNING) == 0
    due = NOW + timedelta(minutes=dice.randrange(-30 * 24 * 60, 20 * 24 * 60)) if running else None
    none = dict.fromkeys(column.name for column in CaseRow.__table__.columns)
    return none | {
        "id": f"case-{number:08d}",
        "first_event": 10_000_000 + number,
        "version": 10_000_000 + number,
        "number": f"2025-{number:06d}",
        "number_year": 2025,
        "number_count": number,
        "state": "dispatched" if running else "closed",
        "round": 1,
        "category": "bin_overflow",
        "rule_id": rule_id,
        "source": "patrol",
        "unit_id": f"unit-{dice.randrange(1, UNITS + 1):02d}",
        "proposed_unit_ids": "",
        "place_zh": CASE.place_zh,
        "registered_at": NOW - timedelta(days=30),
        "send_backs": 0,
        "reopened": 0,
        "urged": 0,
        "exempted": False,
        "search_text": "",
        "due_at": due,
        "warn_at": None if due is None else due - timedelta(hours=8),
        "supervise_at": None if due is None else due + timedelta(days=2),
        "due_provisional": False,
    }


def main() -> int:
    """Measure and tell."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    return tell(measure(), as_json=parser.parse_args().json)


if __name__ == "__main__":
    sys.exit(main())
