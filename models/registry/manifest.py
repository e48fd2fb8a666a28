"""The manifest of one model: all that is needed to run it and to say how far to trust it."""

import hashlib
import itertools
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any, Literal, get_args

from zoubian.models.registry.errors import ManifestError, WeightsError

Head = Literal["one_to_many", "end_to_end"]
Quantisation = Literal["fp32", "int8"]

MANIFEST_FILE = "manifest.json"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


@dataclass(frozen=True, slots=True)
class PrecisionPoint:
    """Measured precision of the detections around one score."""

    score: float
    precision: float
    n: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """One model.

    Attributes:
        name: folder name, letters, digits, dots, dashes and underscores.
        version: of the model, not of the product.
        weights: absolute path of the weights (`.onnx`; `.pt` for the torch runtime).
        sha256: of the weights file.
        classes: visual classes in the order of the model's output.
        head: "one_to_many" gives (1, 4 + classes, anchors) and needs NMS; "end_to_end" gives
            (1, n, 6) and needs none.
        input_hw_px: height and width of the model's input.
        quantisation: arithmetic of the weights file.
        thresholds: lowest score to show, for each class.
        nms_iou: boxes of one class that overlap more than this are one object.
        precision: measured table for each class, by rising score.
        proven: whether the class was measured on real photos.
        metrics: figures on the evaluation data, as they were measured.
        licence: of the weights.
        attributions: lines that the licences of the training pictures ask for.
        source_weights_sha256: of the training checkpoint these weights were exported from.
        made_with: versions of the tools that made the weights.
        photo_thresholds: as `thresholds`, for the steadied scores of a single photo.
        photo_precision: as `precision`, for the same.
    """

    name: str
    version: str
    weights: Path
    sha256: str
    classes: tuple[str, ...]
    head: Head
    input_hw_px: tuple[int, int]
    quantisation: Quantisation
    thresholds: Mapping[str, float]
    nms_iou: float
    precision: Mapping[str, tuple[PrecisionPoint, ...]]
    proven: Mapping[str, bool]
    metrics: Mapping[str, Any]
    licence: str
    attributions: tuple[str, ...]
    source_weights_sha256: str | None
    made_with: Mapping[str, str]
    photo_thresholds: Mapping[str, float] = field(default_factory=dict)
    photo_precision: Mapping[str, tuple[PrecisionPoint, ...]] = field(default_factory=dict)

    def for_photos(self) -> "Manifest":
        """The manifest as it reads for single photos that are looked at in several views."""
        if not self.photo_thresholds:
            return self
        return replace(self, thresholds=self.photo_thresholds, precision=self.photo_precision)

    def __post_init__(self) -> None:
        fault = _fault_of(self)
        if fault:
            raise _fault(self.name, fault)


def load_manifest(path: Path) -> Manifest:
    """Read a manifest and make sure that the weights beside it are the ones it speaks of.

    Args:
        path: the `manifest.json`, or the model's folder.

    Raises:
        ManifestError: the manifest cannot be used.
        WeightsError: the weights are missing or are other weights.
    """
    file = path / MANIFEST_FILE if path.is_dir() else path
    try:
        document = json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise ManifestError(
            en=f"{file}: no such manifest", zh=f"{file}：没有这个模型清单"
        ) from error
    except (OSError, ValueError) as error:
        raise ManifestError(
            en=f"{file}: not readable JSON", zh=f"{file}：不是可读的 JSON"
        ) from error
    manifest = _from_document(document, file)
    _check_weights(manifest)
    return manifest


def save_manifest(manifest: Manifest, path: Path) -> None:
    """Write a manifest so that a reader sees the old one or the new one, never a half.

    Args:
        path: the `manifest.json` to write; the weights are named relative to its folder.
    """
    document: dict[str, Any] = {
        "name": manifest.name,
        "version": manifest.version,
        "weights": manifest.weights.resolve().relative_to(path.parent.resolve()).as_posix(),
        "sha256": manifest.sha256,
        "classes": list(manifest.classes),
        "head": manifest.head,
        "input_hw_px": list(manifest.input_hw_px),
        "quantisation": manifest.quantisation,
        "thresholds": dict(manifest.thresholds),
        "nms": {"iou": manifest.nms_iou},
        "precision": _rows(manifest.precision),
        "proven": dict(manifest.proven),
        "metrics": dict(manifest.metrics),
        "licence": manifest.licence,
        "attributions": list(manifest.attributions),
        "source_weights_sha256": manifest.source_weights_sha256,
        "made_with": dict(manifest.made_with),
    }
    if manifest.photo_thresholds:
        document["photos"] = {
            "thresholds": dict(manifest.photo_thresholds),
            "precision": _rows(manifest.photo_precision),
        }
    write_text_atomically(path, json.dumps(document, ensure_ascii=False, indent=2) + "\n")


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file, as 64 hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write_text_atomically(path: Path, text: str) -> None:
    """Replace the file at `path` in one step."""
    part = path.with_name(path.name + ".part")
    part.write_text(text, encoding="utf-8")
    part.replace(path)


def _from_document(document: Any, file: Path) -> Manifest:
    photos = {"photo_thresholds", "photo_precision"}
    expected = {f.name for f in fields(Manifest)} - {"nms_iou", *photos} | {"nms"}
    if isinstance(document, dict) and "photos" in document:  # not measured for every model
        expected.add("photos")
    if not isinstance(document, dict) or set(document) != expected:
        odd = sorted(set(document) ^ expected) if isinstance(document, dict) else ["{}"]
        raise _fault(str(file), f"fields missing or unknown: {', '.join(odd)}")
    try:
        return Manifest(
            name=document["name"],
            version=document["version"],
            weights=(file.parent / document["weights"]).resolve(),
            sha256=document["sha256"],
            classes=tuple(document["classes"]),
            head=document["head"],
            input_hw_px=tuple(document["input_hw_px"]),
            quantisation=document["quantisation"],
            thresholds={name: float(score) for name, score in document["thresholds"].items()},
            nms_iou=float(document["nms"]["iou"]),
            precision=_points(document["precision"]),
            proven={name: bool(proven) for name, proven in document["proven"].items()},
            metrics=dict(document["metrics"]),
            licence=document["licence"],
            attributions=tuple(document["attributions"]),
            source_weights_sha256=document["source_weights_sha256"],
            made_with=dict(document["made_with"]),
            photo_thresholds={
                name: float(score)
                for name, score in document.get("photos", {}).get("thresholds", {}).items()
            },
            photo_precision=_points(document.get("photos", {}).get("precision", {})),
        )
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise _fault(str(file), f"a field has the wrong kind of value ({error})") from error


def _rows(tables: Mapping[str, tuple[PrecisionPoint, ...]]) -> dict[str, list[list[float]]]:
    return {name: [[p.score, p.precision, p.n] for p in points] for name, points in tables.items()}


def _points(document: Mapping[str, Any]) -> dict[str, tuple[PrecisionPoint, ...]]:
    return {
        name: tuple(PrecisionPoint(float(s), float(p), int(n)) for s, p, n in rows)
        for name, rows in document.items()
    }


def _fault_of(manifest: Manifest) -> str | None:
    classes = manifest.classes
    if not _NAME.fullmatch(manifest.name):
        return "the name may hold letters, digits, dots, dashes and underscores only"
    if not classes or len(set(classes)) != len(classes):
        return "classes must be named, each once"
    if manifest.head not in get_args(Head):
        return f"head is {manifest.head!r}, expected one of {', '.join(get_args(Head))}"
    if manifest.quantisation not in get_args(Quantisation):
        return f"quantisation is {manifest.quantisation!r}, expected fp32 or int8"
    if len(manifest.input_hw_px) != 2 or any(side <= 0 for side in manifest.input_hw_px):
        return f"input_hw_px is {list(manifest.input_hw_px)}, expected [height, width]"
    if set(manifest.thresholds) != set(classes) or set(manifest.proven) != set(classes):
        return "thresholds and proven must name exactly the classes"
    if manifest.photo_thresholds and set(manifest.photo_thresholds) != set(classes):
        return "the photos' thresholds must name exactly the classes, or none"
    tables = (*manifest.precision.items(), *manifest.photo_precision.items())
    if not {name for name, _ in tables} <= set(classes):
        return "precision names a class that the model does not have"
    shares = [manifest.nms_iou, *manifest.thresholds.values(), *manifest.photo_thresholds.values()]
    for _, points in tables:
        shares += [share for p in points for share in (p.score, p.precision)]
        if any(a.score >= b.score for a, b in itertools.pairwise(points)):
            return "a precision table is not sorted by rising score"
    if any(not 0 <= share <= 1 for share in shares):
        return "scores, precisions and the IoU must lie between 0 and 1"
    return None


def _check_weights(manifest: Manifest) -> None:
    if not manifest.weights.is_file():
        raise WeightsError(
            en=f"model {manifest.name}: no weights at {manifest.weights}",
            zh=f"模型 {manifest.name}：缺少权重文件 {manifest.weights}",
        )
    found = sha256_of(manifest.weights)
    if found != manifest.sha256:
        raise WeightsError(
            en=f"model {manifest.name}: {manifest.weights.name} has sha256 {found[:12]}..., "
            f"the manifest expects {manifest.sha256[:12]}...; copy the model again",
            zh=f"模型 {manifest.name}：{manifest.weights.name} 的 sha256 为 {found[:12]}…，"
            f"清单要求 {manifest.sha256[:12]}…，请重新拷贝该模型",
        )


def _fault(name: str, reason: str) -> ManifestError:
    return ManifestError(en=f"model {name}: {reason}", zh=f"模型 {name}：清单有误（{reason}）")
