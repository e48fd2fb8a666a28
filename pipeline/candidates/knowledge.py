"""What the model's manifest and the class tables together say about one visual class."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from zoubian.datasets.classes.models import Aggregate, Basis, ClassTables
from zoubian.models.registry.manifest import Manifest
from zoubian.models.registry.precision import precision_at
from zoubian.pipeline.domain.classes import ClassRule


@dataclass(frozen=True, slots=True)
class CategoryChoice:
    """A category the candidate may be filed under, and what would decide for it."""

    category: str
    category_zh: str
    category_en: str
    decided_by_zh: str
    decided_by_en: str


def class_rules(manifest: Manifest, tables: ClassTables) -> dict[str, ClassRule]:
    """Rules of the classes that the model sees and the tables know; others make no candidate."""
    known = tables.visual_classes
    return {
        name: ClassRule(
            name=name,
            spot_group=known[name].spot_group,
            rank=known[name].rank,
            problem=known[name].problem,
            stretch=known[name].aggregate is Aggregate.STRETCH,
            proven=known[name].basis is Basis.REAL and manifest.proven[name],
            threshold=manifest.thresholds[name],
        )
        for name in manifest.classes
        if name in known
    }


def measured_precision(
    manifest: Manifest, tables: ClassTables, visual_class: str, score: float
) -> float | None:
    """Share of true findings at this score on real pictures; None where nobody measured it.

    A class that was learnt from rendered pictures stays unproven, whatever its manifest says.
    """
    if tables.visual_classes[visual_class].basis is not Basis.REAL:
        return None
    return precision_at(manifest, visual_class, score)


def ranked_categories(
    visual_class: str, members: Iterable[str], tables: ClassTables
) -> tuple[CategoryChoice, ...]:
    """Categories to choose from: those of the naming class, then what else the members suggest.

    A person who sees the spot decides; the sentences say what to look for.

    Args:
        members: visual classes that stand at the spot.
    """
    ranks = {name: tables.visual_classes[name].rank for name in members}
    others = sorted(ranks.keys() - {visual_class}, key=lambda name: (ranks[name], name))
    choices: dict[str, CategoryChoice] = {}
    for name in (visual_class, *others):
        for suggestion in tables.suggestions[name]:
            category = suggestion.category
            choices.setdefault(
                category.id,
                CategoryChoice(
                    category=category.id,
                    category_zh=category.name_zh,
                    category_en=category.meaning_en,
                    decided_by_zh=suggestion.decided_by_zh,
                    decided_by_en=suggestion.decided_by_en,
                ),
            )
    return tuple(choices.values())


def members_in_words(members: Mapping[str, int], tables: ClassTables) -> tuple[str, str]:
    """What stands at a spot, in Chinese and English.

    >>> from zoubian.datasets.classes.lookup import packaged_tables
    >>> members_in_words({"overflowing_bin": 3, "garbage_pile": 1}, packaged_tables())
    ('满溢垃圾箱 3，垃圾堆 1', 'overflowing bin × 3, garbage pile × 1')
    """
    known = tables.visual_classes
    return (
        "，".join(f"{known[name].name_zh} {count}" for name, count in members.items()),
        ", ".join(f"{known[name].name_en} × {count}" for name, count in members.items()),
    )
