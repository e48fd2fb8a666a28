"""From the objects found in one photo to the categories to offer its photographer: pure."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from zoubian.pipeline.candidates.knowledge import CategoryChoice
from zoubian.pipeline.candidates.rules import SeenObject
from zoubian.pipeline.domain.classes import ClassRule


@dataclass(frozen=True, slots=True)
class PhotoSuggestion:
    """One category for one photo.

    Attributes:
        category: None where the campaign's list has none for what is seen.
        confidence: raw score of the class's best object.
        precision: measured share of true findings at that score; None where never measured.
        box_xyxy_px: that object, in px of the upright photo.
    """

    category: str | None
    category_zh: str | None
    visual_class: str
    confidence: float
    precision: float | None
    box_xyxy_px: tuple[float, float, float, float]


def suggest_categories(
    objects: Iterable[SeenObject],
    rules: Mapping[str, ClassRule],
    *,
    precision_of: Callable[[str, float], float | None],
    categories_of: Callable[[str], Sequence[CategoryChoice]],
) -> tuple[PhotoSuggestion, ...]:
    """Rank the categories that a photo suggests; nothing where no class is sure of a problem.

    Classes come by measured precision, so that scores of different classes can be compared; a
    class without one comes after them, by score. Within a class its categories keep their rank; a
    category that a surer class has named is not repeated.
    """
    best: dict[str, SeenObject] = {}
    for seen in sorted(objects, key=lambda o: (-o.score, o.visual_class, o.box_xyxy_px)):
        rule = rules.get(seen.visual_class)
        if rule is not None and rule.problem and seen.score >= rule.threshold:
            best.setdefault(seen.visual_class, seen)
    precisions = {name: precision_of(name, seen.score) for name, seen in best.items()}

    def evidence(name: str) -> tuple[float, float, str]:
        precision = precisions[name]
        return 1.0 if precision is None else -precision, -best[name].score, name

    suggestions: list[PhotoSuggestion] = []
    named: set[str] = set()
    for name in sorted(best, key=evidence):
        offered: list[tuple[str | None, str | None]] = [
            (choice.category, choice.category_zh) for choice in categories_of(name)
        ]
        for category, category_zh in offered or [(None, None)]:
            if category in named:
                continue
            if category is not None:
                named.add(category)
            suggestions.append(
                PhotoSuggestion(
                    category=category,
                    category_zh=category_zh,
                    visual_class=name,
                    confidence=best[name].score,
                    precision=precisions[name],
                    box_xyxy_px=best[name].box_xyxy_px,
                )
            )
    return tuple(suggestions)


def suggestion_document(
    suggestions: Sequence[PhotoSuggestion], quality: Mapping[str, Any]
) -> dict[str, Any]:
    """The document that `zoubian suggest --json` prints."""
    return {
        "suggestions": [
            {
                "category": item.category,
                "category_zh": item.category_zh,
                "visual_class": item.visual_class,
                "confidence": round(item.confidence, 4),
                "precision": None if item.precision is None else round(item.precision, 4),
                "box_xyxy_px": [round(value, 1) for value in item.box_xyxy_px],
            }
            for item in suggestions
        ],
        "quality": dict(quality),
    }
