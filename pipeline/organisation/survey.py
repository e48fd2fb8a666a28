"""What is worth knowing of the organisation as it will be: overlaps, gaps, loose ends."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

import numpy as np
import shapely
from shapely import STRtree

from zoubian.datasets.classes.models import Period
from zoubian.pipeline.organisation.checks import references
from zoubian.pipeline.organisation.history import DatedRow, Key
from zoubian.pipeline.organisation.messages import Finding, Place, finding
from zoubian.pipeline.organisation.plane import Plane
from zoubian.pipeline.organisation.records import UnitKind
from zoubian.pipeline.organisation.stated import TITLES

# What two outlines share along a border that was drawn twice is no overlap worth a line.
OVERLAP_M2 = 100.0

_SHOWN = 10  # codes listed in one line
_TERRITORIAL = {UnitKind.SUBDISTRICT, UnitKind.TOWNSHIP}
_THINGS_ZH = {"unit": "街道（乡镇）", "street": "街路", "permit": "许可或区域"}
_THINGS_EN = {
    "unit": "subdistricts and townships",
    "street": "streets",
    "permit": "permits and zones",
}

Known = Mapping[Key, Sequence[DatedRow]]


def survey(known: Known, *, as_of: date) -> list[Finding]:
    """Notes on what would be known from a day on; they belong to no file."""
    coming = Period(as_of, None)
    rows = [row for dated in known.values() for row in dated if row.period.overlaps(coming)]
    return [*_overlaps(rows), *_without_shape(rows), *_covers(rows), *_loose_ends(rows, known)]


def listed(codes: Iterable[str]) -> str:
    """Some codes in one line.

    >>> listed("abc")
    'a、b、c'
    """
    found = sorted(set(codes))
    more = f"…（{len(found)}）" if len(found) > _SHOWN else ""
    return "、".join(found[:_SHOWN]) + more


def _note(title: str, code: str, **fields: object) -> Finding:
    return finding(Place("", title), code, **fields)


def _overlaps(rows: Sequence[DatedRow]) -> list[Finding]:
    drawn = [row for row in rows if row.kind == "unit_shape"]
    shapes = [shapely.from_wkt(str(row.row["wkt"])) for row in drawn]
    plane = Plane.around(shapes)
    areas = np.array([plane.shape(shape) for shape in shapes], dtype=object)
    found = []
    for a, b in STRtree(areas).query(areas, predicate="intersects").T.tolist():
        one, other = drawn[a], drawn[b]
        if a < b and one.identity != other.identity and one.period.overlaps(other.period):
            shared_m2 = areas[a].intersection(areas[b]).area
            if shared_m2 > OVERLAP_M2:
                share = shared_m2 / min(areas[a].area, areas[b].area)
                found.append((shared_m2, share, *sorted((one.identity, other.identity))))
    return [
        _note(TITLES["unit"], "areas_overlap", a=a, b=b, hectares=m2 / 1e4, percent=100 * share)
        for m2, share, a, b in sorted(found, reverse=True)
    ]


def _without_shape(rows: Sequence[DatedRow]) -> list[Finding]:
    drawn = {(row.kind, row.identity) for row in rows}
    notes = []
    for kind, things_en in _THINGS_EN.items():
        bare = {
            row.identity
            for row in rows
            if row.kind == kind
            and (f"{kind}_shape", row.identity) not in drawn
            and (kind != "unit" or row.row.get("kind") in _TERRITORIAL)
            and "radius_m" not in row.row
        }
        if bare:
            fields = {"what_zh": _THINGS_ZH[kind], "what_en": things_en, "ids": listed(bare)}
            notes.append(_note(TITLES[kind], "no_shape", count=len(bare), **fields))
    return notes


def _covers(rows: Sequence[DatedRow]) -> list[Finding]:
    """Subdistricts and townships that no group covers, and those that several do at a time."""
    covers: dict[str, list[DatedRow]] = {}
    for row in rows:
        if row.kind == "cover":
            covers.setdefault(str(row.row["unit"]), []).append(row)
    territorial = {
        row.identity for row in rows if row.kind == "unit" and row.row.get("kind") in _TERRITORIAL
    }
    notes = []
    if bare := territorial - set(covers):
        notes.append(_note(TITLES["cover"], "not_covered", count=len(bare), ids=listed(bare)))
    for unit, held in sorted(covers.items()):
        groups = {
            str(row.row["group"])
            for a, one in enumerate(held)
            for b, other in enumerate(held)
            if a != b and one.period.overlaps(other.period)
            for row in (one, other)
        }
        if len(groups) > 1:
            fields = {"unit": unit, "count": len(groups), "groups": listed(groups)}
            notes.append(_note(TITLES["cover"], "covered_twice", **fields))
    return notes


def _loose_ends(rows: Sequence[DatedRow], known: Known) -> list[Finding]:
    """Things that end while others still refer to them."""
    loose: dict[Key, list[str]] = {}
    for row in rows:
        for _, key in references(row.kind, row.row):
            last = max((r.period.valid_to or date.max for r in known.get(key, ())), default=None)
            if last is not None and last < (row.period.valid_to or date.max):
                loose.setdefault(key, []).append(f"{TITLES[row.kind]} {row.identity}")
    return [
        _note(TITLES[kind], "refers_to_ended", value=code, count=len(by), ids=listed(by))
        for (kind, code), by in sorted(loose.items())
    ]
