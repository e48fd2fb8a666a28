"""A small city with two subdistricts and two working groups, and its people over HTTP."""

import io
import json
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
from fastapi import FastAPI
from httpx import Response
from organisations import feature, read, square, unit
from PIL import Image
from starlette.testclient import TestClient

from zoubian.api.http.app import create_app
from zoubian.datasets.organisation.sheets import ROLES, SHEETS
from zoubian.pipeline.accounts.service import add_account, issue_code
from zoubian.pipeline.bootstrap import Eye, Workspace, open_workspace
from zoubian.pipeline.candidates.models import Candidate, CandidateFrame
from zoubian.pipeline.candidates.numbers import take_numbers
from zoubian.pipeline.organisation.service import load_files
from zoubian.pipeline.settings import Settings

START = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)

UNIT, OTHER_UNIT, BUREAU = "street-1", "street-2", "bureau-1"
GROUP, OTHER_GROUP = "group-1", "group-2"
HERE, THERE = (43.805, 125.305), (43.805, 125.325)  # the middles of the two subdistricts

# user id: (role, unit, group)
PEOPLE: Mapping[str, tuple[str, str | None, str | None]] = {
    "inspector": ("inspector", None, GROUP),
    "inspector-2": ("inspector", None, OTHER_GROUP),
    "reviewer": ("reviewer", None, None),
    "dispatcher": ("dispatcher", None, None),
    "officer": ("officer", UNIT, None),
    "officer-2": ("officer", OTHER_UNIT, None),
    "officer-bureau": ("officer", BUREAU, None),
    "verifier": ("verifier", None, GROUP),
    "verifier-2": ("verifier", None, OTHER_GROUP),
    "office": ("office", None, None),
    "admin": ("admin", None, None),
}
PASSWORD = "Correct-Horse-7"


class Person:
    """Somebody signed in on a page of their own; errors are answers, not exceptions."""

    def __init__(self, app: FastAPI, user_id: str | None = None) -> None:
        self.http = TestClient(app, base_url="https://testserver", raise_server_exceptions=False)
        # One event loop for everybody: starting one for each request would take most of the time.
        self.http.portal = getattr(app.state, "portal", None)
        self.user_id = user_id
        if user_id is not None:
            asked = {"user_id": user_id, "password": PASSWORD}
            signed_in = self.http.post("/api/v1/session", json=asked)
            assert signed_in.status_code == 200, signed_in.text
            self.http.headers["X-CSRF-Token"] = signed_in.json()["csrf"]

    def ask(self, method: str, path: str, **given: Any) -> Response:
        return self.http.request(method, f"/api/v1{path}", **given)

    def get(self, path: str, **parameters: Any) -> Any:
        """The document of an answer that must be a good one."""
        wanted = {name: value for name, value in parameters.items() if value is not None}
        return _good(self.ask("GET", path, params=wanted))

    def post(self, path: str, body: Any = None, **given: Any) -> Any:
        return _good(self.ask("POST", path, json={} if body is None else body, **given))

    def refused(self, method: str, path: str, **given: Any) -> tuple[int, str]:
        """Status and code of an answer that must be a problem."""
        answer = self.ask(method, path, **given)
        assert answer.status_code >= 400, answer.text
        assert answer.headers["content-type"] == "application/problem+json"
        return answer.status_code, answer.json()["code"]

    def upload(self, content: bytes, name: str = "photo.jpg") -> str:
        """Send one small file; returns its SHA-256."""
        sent = _good(self.ask("POST", "/uploads/batch", files=[("files", (name, content))]))
        [one] = sent["items"]
        assert one["problem"] is None, one
        sha256: str = one["sha256"]
        return sha256


def _good(answer: Response) -> Any:
    assert answer.status_code < 300, f"{answer.status_code}: {answer.text}"
    return answer.json()


@dataclass
class City:
    """A workspace with a service; `now` moves on by itself, and by hand."""

    workspace: Workspace
    app: FastAPI
    now: "Ticking"
    people: dict[str, Person] = field(default_factory=dict)

    def person(self, user_id: str) -> Person:
        """Somebody who is signed in, the same page each time."""
        if user_id not in self.people:
            self.admit(user_id)
            self.people[user_id] = Person(self.app, user_id)
        return self.people[user_id]

    def nobody(self) -> Person:
        """A page where nobody is signed in."""
        return Person(self.app)

    def admit(self, user_id: str, password: str = PASSWORD, *, admin: bool = False) -> None:
        """Give a user an account with a password."""
        with self.workspace.uow() as session:
            add_account(session, user_id, admin=admin, at=self.now())
            code = issue_code(session, user_id, at=self.now(), valid=timedelta(hours=1))
        asked = {"user_id": user_id, "code": code, "password": password}
        answer = self.nobody().ask("POST", "/session/reset", json=asked)
        assert answer.status_code == 200, answer.text

    def candidate(
        self,
        name: str,
        *,
        at: tuple[float, float] = HERE,
        patrol_id: str | None = None,
        category: str = "bin_overflow",
    ) -> str:
        """A candidate as a scan leaves it, with a picture whose files are there; returns its id."""
        files, seed = self.workspace.files, zlib.crc32(name.encode()) % 10_000
        photo, shown, drawn = (files.put_bytes(photo_bytes(seed * 3 + n)) for n in range(3))
        now = self.now()
        with self.workspace.uow() as session:
            [number] = take_numbers(session, now.date(), 1)
            row = Candidate(
                id=name,
                patrol_id=patrol_id,
                number=number,
                queued_at=now,
                visual_class="overflowing_bin",
                category=category,
                members={"overflowing_bin": 1},
                confidence=0.8,
                precision=0.9,
                proven=True,
                lat=at[0],
                lon=at[1],
                radius_m=10.0,
                place_zh=f"{name}门前",
                first_seen_at=now,
                evidence_sha256=drawn,
            )
            session.add(row)
            session.flush()
            session.add(
                CandidateFrame(
                    candidate_id=name,
                    frame_id=f"frame-{name}",
                    rank=0,
                    photo_sha256=photo,
                    shown_sha256=shown,
                    evidence_sha256=drawn,
                    taken_at=now,
                )
            )
        return name

    def case(self, name: str, *, at: tuple[float, float] = HERE) -> str:
        """A case of a machine candidate, dispatched to the unit of the place; returns its id."""
        self.candidate(name, at=at)
        asked = {"version": 1, "category": "bin_overflow"}
        confirmed = self.person("reviewer").post(f"/candidates/{name}/confirm", asked)
        case_id: str = confirmed["case_id"]
        return case_id

    def act(self, user_id: str, case_id: str, action: str, **details: Any) -> Any:
        """An action of somebody who has just looked at the case; returns the case after it."""
        person = self.person(user_id)
        seen = person.get(f"/cases/{case_id}")
        assert action in seen["allowed_actions"], (action, seen["allowed_actions"])
        self.now.wait(hours=1)
        asked = {"action": action, "details": details, "version": seen["version"]}
        return person.post(f"/cases/{case_id}/actions", asked)

    def patrol(self, user_id: str, name: str) -> str:
        """A patrol of a user's group; returns its id."""
        patrol_id: str = self.person(user_id).post("/patrols", {"name": name})["id"]
        return patrol_id

    def faults(self) -> Any:
        """What is wrong with the ledger."""
        return self.person("office").post("/ledger/check")["faults"]


class Ticking:
    """A clock that moves on a millisecond each time it is looked at."""

    def __init__(self) -> None:
        self.at = START

    def __call__(self) -> datetime:
        self.at += timedelta(milliseconds=1)
        return self.at

    def wait(self, **how_long: float) -> None:
        self.at += timedelta(**how_long)


@contextmanager
def open_city(folder: Path, database_url: str | None, *, eye: Eye | None = None) -> Iterator[City]:
    clock = Ticking()
    settings = Settings(
        workspace=folder / "workspace",
        database_url=database_url,
        password_memory_mb=1,
        password_passes=1,
        free_space_gb=0.0,
        start_seconds=60.0,
        child_memory_mb=1024,
        niceness=0,
    )
    workspace = open_workspace(settings, clock=clock)
    _load_organisation(workspace, folder)
    city = City(workspace, create_app(workspace, eye=eye), clock)
    with TestClient(city.app) as client:  # starts it and, in the end, stops it
        city.app.state.portal = client.portal
        yield city
    workspace.engine.dispose()


def _load_organisation(workspace: Workspace, folder: Path) -> None:
    role_words = {stored: title for title, stored in ROLES.items()}
    rows: dict[str, list[Mapping[str, object]]] = {
        "unit": [
            unit(UNIT),
            unit(OTHER_UNIT),
            {"id": BUREAU, "name": "市容处", "kind": "处室"},
        ],
        "group": [{"id": one, "name": f"第{one}工作组"} for one in (GROUP, OTHER_GROUP)],
        "cover": [
            {"group": GROUP, "unit": UNIT},
            {"group": OTHER_GROUP, "unit": OTHER_UNIT},
        ],
        "assist": [{"unit": OTHER_UNIT, "assisting_unit": BUREAU}],
        "user": [
            {"id": who, "name": f"张{who}", "role": role_words[role], "unit": of, "group": group}
            for who, (role, of, group) in PEOPLE.items()
        ],
    }
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for sheet in SHEETS:
        if sheet.key in rows:
            page = book.create_sheet(sheet.title)
            page.append([column.title for column in sheet.columns])
            for row in rows[sheet.key]:
                page.append([row.get(column.key) for column in sheet.columns])
    workbook, shapes = folder / "组织.xlsx", folder / "辖区.geojson"
    book.save(workbook)
    areas = [feature(UNIT, square(125.30, 43.80)), feature(OTHER_UNIT, square(125.32, 43.80))]
    shapes.write_text(json.dumps({"type": "FeatureCollection", "features": areas}))
    with workspace.uow() as session:
        report, _ = load_files(
            session,
            read([workbook, shapes]),
            as_of=START.date() - timedelta(days=100),
            complete=False,
            loaded_at=START,
        )
    assert report.problems == ()


def photo_bytes(seed: int, *, px: int = 320) -> bytes:
    """A JPEG that differs from those of other seeds."""
    random = np.random.default_rng(seed)
    pixels = random.integers(60, 200, (px * 3 // 4, px, 3), np.uint8)
    stream = io.BytesIO()
    Image.fromarray(pixels).save(stream, "JPEG", quality=80)
    return stream.getvalue()
