"""One analysed photo: what it suggests and what its quality is."""

import pytest

from zoubian.datasets.classes.models import ClassTables
from zoubian.models.registry.manifest import Manifest
from zoubian.pipeline.candidates.photo import photo_quality, suggestions_for
from zoubian.pipeline.sightings.records import Line, MediumAnalysis, SeenBox, SeenFrame

UNKNOWN = {"assessable": None, "reason": None, "brightness": None, "sharpness": None}


def analysed(*found: tuple[str, float], reason: str | None = None) -> MediumAnalysis:
    frame = SeenFrame(
        index=0,
        offset_s=0.0,
        taken_at=None,
        lat=None,
        lon=None,
        position_error_m=None,
        position_source=None,
        heading_deg=None,
        width_px=640,
        height_px=480,
        assessable=reason is None,
        quality_reason=reason,
        brightness=0.51239,
        sharpness=0.7,
        shown_sha256=None,
        shown_scale=None,
        boxes=tuple(SeenBox(name, score, 10.0, 20.0, 110.0, 220.0) for name, score in found),
    )
    return MediumAnalysis("m", 1, (frame,), (), None)


def failed() -> MediumAnalysis:
    return MediumAnalysis("m", 0, (), (), Line("truncated", "不完整", "cut off"))


def test_each_category_is_named_by_the_class_that_suggests_it(
    manifest: Manifest, tables: ClassTables
) -> None:
    both = analysed(("overflowing_bin", 0.8), ("garbage_pile", 0.7))
    named = {
        item.category: item.visual_class
        for item in suggestions_for(both, manifest=manifest, tables=tables)
    }
    assert named["bin_overflow"] == "overflowing_bin"
    assert named["road_occupying_pile"] == "garbage_pile"


def test_what_is_below_its_threshold_suggests_nothing(
    manifest: Manifest, tables: ClassTables
) -> None:
    faint = analysed(("overflowing_bin", 0.8), ("garbage_pile", 0.06))
    found = suggestions_for(faint, manifest=manifest, tables=tables)
    assert {item.visual_class for item in found} == {"overflowing_bin"}
    assert "road_occupying_pile" not in {item.category for item in found}


@pytest.mark.parametrize(
    "analysis",
    [
        pytest.param(analysed(("person", 0.9)), id="a class the tables do not know"),
        pytest.param(analysed(("overflowing_bin", 0.9), reason="blurred"), id="not assessable"),
        pytest.param(failed(), id="not readable"),
    ],
)
def test_suggests_nothing(
    analysis: MediumAnalysis, manifest: Manifest, tables: ClassTables
) -> None:
    assert suggestions_for(analysis, manifest=manifest, tables=tables) == ()


def test_quality_is_told_and_null_where_nothing_was_seen() -> None:
    assert photo_quality(analysed(reason="blurred")) == {
        "assessable": False,
        "reason": "blurred",
        "brightness": 0.5124,
        "sharpness": 0.7,
    }
    assert photo_quality(failed()) == UNKNOWN
