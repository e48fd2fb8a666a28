"""Truth as JSON: one document a picture, one for a whole plan; written whole or not at all."""

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from zoubian.datasets.city.frames import Frame
from zoubian.datasets.city.ground import KERB_HEIGHT_M
from zoubian.datasets.city.homography import plane_homography
from zoubian.datasets.city.pairs_plan import Pair
from zoubian.datasets.city.street import FRONT_Y
from zoubian.datasets.city.truth import TruthObject

VERSION = 1


def picture_document(frame: Frame, objects: Sequence[TruthObject]) -> dict[str, Any]:
    """What is true of one picture. Boxes are in pixels of the upright picture."""
    camera, anchor = frame.camera, frame.street.anchor
    lat, lon = anchor.to_wgs84(camera.x, camera.y)
    return {
        "picture": f"{frame.name}.jpg",
        "width": camera.width,
        "height": camera.height,
        "orientation": 6 if frame.sideways else 1,
        "taken_at": frame.taken_at.isoformat(),
        "street": frame.street.name_zh,
        "light": frame.light.name,
        "camera": {
            "lat": round(lat, 7),
            "lon": round(lon, 7),
            "height_m": round(camera.z, 3),
            "bearing_deg": round(anchor.compass_deg(camera.yaw), 2),
            "pitch_deg": round(camera.pitch, 3),
            "roll_deg": round(camera.roll, 3),
            "hfov_deg": camera.hfov_deg,
            "street_x_m": round(camera.x, 3),
            "street_y_m": round(camera.y, 3),
        },
        "position_error_m": frame.position_error_m,
        "objects": [asdict(item) for item in objects],
    }


def plan_document(plan: str, seed: int, pictures: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The truth of all pictures of a plan, in order of their names."""
    ordered = sorted(pictures, key=lambda picture: str(picture["picture"]))
    return {"version": VERSION, "plan": plan, "seed": seed, "pictures": ordered}


def pairs_document(pairs: Sequence[Pair]) -> dict[str, Any]:
    """What is true between the pictures of each pair.

    The homographies take pixels of the upright first picture to the second, for the ground and for
    the house fronts; null where the places differ.
    """
    rows = []
    for one in pairs:
        planes: dict[str, Any] = {"ground": None, "fronts": None}
        if one.same_place:
            cameras = (one.before.camera, one.after.camera)
            planes["ground"] = plane_homography(
                *cameras, point=(0.0, 0.0, KERB_HEIGHT_M), normal=(0.0, 0.0, 1.0)
            )
            planes["fronts"] = plane_homography(
                *cameras, point=(0.0, FRONT_Y, 0.0), normal=(0.0, 1.0, 0.0)
            )
        rows.append(
            {
                "before": f"{one.before.name}.jpg",
                "after": f"{one.after.name}.jpg",
                "outcome": one.outcome,
                "same_place": one.same_place,
                "spot_id": one.before.street.spots[0].spot_id,
                "homography": planes,
            }
        )
    return {"version": VERSION, "pairs": rows}


def write_whole(path: Path, content: bytes) -> None:
    """Writes a file so that a reader sees the old one or the new one, never a part."""
    partial = path.with_name(path.name + ".part")
    partial.write_bytes(content)
    os.replace(partial, path)


def json_bytes(document: Mapping[str, Any]) -> bytes:
    """A document as UTF-8 JSON, one indent, a newline at the end."""
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()
