"""A recipe: the data, the start weights and the stages of one training, read from YAML."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from zoubian.training.errors import RecipeError


@dataclass(frozen=True, slots=True)
class Stage:
    """One call of the trainer.

    Attributes:
        ema_updates: how many optimiser steps the kept weights are an average over. ultralytics
            ramps its average up over thousands of steps, which in a short stage is no average.
        settings: ultralytics' own names (imgsz in px, epochs, lr0).
    """

    name: str
    ema_updates: int | None
    settings: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Terms:
    """What a release of the recipe's model is measured by.

    Attributes:
        problems: classes that are a problem by themselves.
        told_classes: classes whose AP50 makes the told mean.
        quiet_share: share of photos without a problem in which a scan shall show none.
        photo_quiet_share: the same for suggestions on a single photo.
        attributions: lines that the licences of the training pictures ask for.
    """

    problems: frozenset[str]
    told_classes: tuple[str, ...]
    quiet_share: float
    photo_quiet_share: float
    attributions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Recipe:
    """What to train, from what, on what, in which order, and how it is measured."""

    name: str
    data: str
    start: str
    seed: int
    stages: tuple[Stage, ...]
    terms: Terms


def load_recipe(path: Path) -> Recipe:
    """Read a recipe.

    Raises:
        RecipeError: a field is missing or unknown, or there is no stage.
    """
    try:
        document = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise _fault(path, "no readable YAML") from error
    if not isinstance(document, dict):
        raise _fault(path, "a mapping was expected")
    expected = {"name", "data", "start", "seed", "stages", "release"}
    if set(document) != expected:
        odd = ", ".join(sorted(set(document) ^ expected))
        raise _fault(path, f"fields missing or unknown: {odd}")
    if not document["stages"]:
        raise _fault(path, "no stage")
    stages = []
    for entry in document["stages"]:
        settings = dict(entry)
        name = settings.pop("name", None)
        if not name or not {"imgsz", "epochs", "batch"} <= set(settings):
            raise _fault(path, "a stage needs name, imgsz, epochs and batch")
        ema_updates = settings.pop("ema_updates", None)
        stages.append(Stage(name=str(name), ema_updates=ema_updates, settings=settings))
    return Recipe(
        name=str(document["name"]),
        data=str(document["data"]),
        start=str(document["start"]),
        seed=int(document["seed"]),
        stages=tuple(stages),
        terms=_terms(document["release"], path),
    )


def _terms(document: Any, path: Path) -> Terms:
    try:
        return Terms(
            problems=frozenset(document["problems"]),
            told_classes=tuple(document["told_classes"]),
            quiet_share=float(document["quiet_share"]),
            photo_quiet_share=float(document["photo_quiet_share"]),
            attributions=tuple(document["attributions"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise _fault(path, f"release: {error!r}") from error


def _fault(path: Path, reason: str) -> RecipeError:
    return RecipeError(en=f"{path}: {reason}", zh=f"{path}：训练配方有误（{reason}）")
