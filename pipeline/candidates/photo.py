"""One analysed photo, and what it suggests by the model's manifest and the class tables."""

from functools import partial
from typing import Any

from zoubian.datasets.classes.models import ClassTables
from zoubian.models.registry.manifest import Manifest
from zoubian.pipeline.candidates.knowledge import (
    class_rules,
    measured_precision,
    ranked_categories,
)
from zoubian.pipeline.candidates.rules import SeenObject
from zoubian.pipeline.candidates.suggest import PhotoSuggestion, suggest_categories
from zoubian.pipeline.sightings.records import MediumAnalysis


def suggestions_for(
    analysis: MediumAnalysis, *, manifest: Manifest, tables: ClassTables
) -> tuple[PhotoSuggestion, ...]:
    """Ranked suggestions for the photo's first frame; nothing for one that is not assessable.

    Args:
        analysis: of a photo that was looked at in several views.
    """
    manifest = manifest.for_photos()
    frame = analysis.frames[0] if analysis.frames else None
    if frame is None or not frame.assessable:
        return ()
    objects = [
        SeenObject(box.visual_class, box.score, (box.x1_px, box.y1_px, box.x2_px, box.y2_px))
        for box in frame.boxes
    ]
    return suggest_categories(
        objects,
        class_rules(manifest, tables),
        precision_of=partial(measured_precision, manifest, tables),
        categories_of=lambda name: ranked_categories(name, (name,), tables),
    )


def photo_quality(analysis: MediumAnalysis) -> dict[str, Any]:
    """The `quality` part of the suggestion document: None where nothing could be judged."""
    frame = analysis.frames[0] if analysis.frames else None
    return {
        "assessable": None if frame is None else frame.assessable,
        "reason": None if frame is None else frame.quality_reason,
        "brightness": None if frame is None else round(frame.brightness, 4),
        "sharpness": None if frame is None else round(frame.sharpness, 4),
    }
