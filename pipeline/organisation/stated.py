"""Rows and shapes of the files as statements about things, each with its identity."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from zoubian.datasets.classes.models import Category
from zoubian.datasets.organisation.sheets import SHEETS
from zoubian.pipeline.organisation.cells import clean_row
from zoubian.pipeline.organisation.excel import SheetRow
from zoubian.pipeline.organisation.geojson import Drawn, wkt_of
from zoubian.pipeline.organisation.messages import Finding, Place, finding
from zoubian.pipeline.organisation.records import SHAPE_KINDS, Row

TITLES = {sheet.key: sheet.title for sheet in SHEETS}
KIND_TITLES = TITLES | {kind: f"{TITLES[of]}图形" for kind, of in SHAPE_KINDS.items()}

# What each kind of thing is drawn as: in Chinese, in English, and as GeoJSON names it.
_GEOMETRIES = {
    "unit": ("面", "polygon", ("Polygon", "MultiPolygon")),
    "street": ("线", "line", ("LineString", "MultiLineString")),
    "permit": ("面", "polygon", ("Polygon", "MultiPolygon")),
}


@dataclass(frozen=True, slots=True)
class Stated:
    """One row of the files about the thing that `kind` and `identity` name.

    `row` holds no empty cells. Of a row with problems it holds what could be read: nothing is
    written then, but rows that refer to it are not blamed as well.
    """

    kind: str
    identity: str
    row: Row
    place: Place


def state_rows(
    rows: Iterable[SheetRow], *, categories: Mapping[str, Category]
) -> tuple[list[Stated], list[Finding]]:
    """Clean each row and name what it speaks of; all that is wrong comes back, row by row."""
    stated = []
    problems = []
    for row in rows:
        clean, wrong = clean_row(row, categories=categories)
        problems += wrong
        needed = [key for key in row.sheet.identity if row.sheet.column(key).required]
        if all(clean[key] is not None for key in needed):
            # An empty cell that belongs to the identity means "any".
            identity = "/".join(str(clean[key] or "*") for key in row.sheet.identity)
            said = {key: value for key, value in clean.items() if value is not None}
            stated.append(Stated(row.sheet.key, identity, said, row.place))
    return stated, problems


def state_shapes(
    shapes: Iterable[Drawn], *, things: Mapping[str, Collection[str]], all_known: bool
) -> tuple[list[Stated], list[Finding]]:
    """Find what each shape belongs to.

    Args:
        things: codes of units, streets and permits by kind, in the files or known before.
        all_known: these are all; else a shape of nothing is left out without blame.
    """
    stated = []
    problems = []
    for shape in shapes:
        kinds = [
            of for of in SHAPE_KINDS.values() if shape.id in things[of] and shape.of in (None, of)
        ]
        if not kinds and not all_known:
            continue
        if not kinds:
            problems.append(finding(shape.place, "shape_of_nothing", value=shape.id))
        elif len(kinds) > 1:
            titles = "、".join(TITLES[kind] for kind in kinds)
            problems.append(finding(shape.place, "shape_of_several", value=shape.id, kinds=titles))
        elif (wrong := _wrong_geometry(shape, kinds[0])) is not None:
            problems.append(wrong)
        else:
            stated.append(_state_shape(shape, kinds[0]))
    return stated, problems


def _wrong_geometry(shape: Drawn, of: str) -> Finding | None:
    zh, en, allowed = _GEOMETRIES[of]
    if shape.geometry.geom_type in allowed:
        return None
    return finding(
        shape.place,
        "wrong_geometry",
        what_zh=TITLES[of],
        what_en=of,
        wanted_zh=zh,
        wanted_en=en,
        got=shape.geometry.geom_type,
    )


def _state_shape(shape: Drawn, of: str) -> Stated:
    row = {
        "id": shape.id,
        "valid_from": shape.valid_from,
        "valid_until": shape.valid_until,
        "wkt": wkt_of(shape.geometry),
    }
    said = {key: value for key, value in row.items() if value is not None}
    kind = next(kind for kind, thing in SHAPE_KINDS.items() if thing == of)
    return Stated(kind, shape.id, said, shape.place)
