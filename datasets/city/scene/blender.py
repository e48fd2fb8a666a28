"""The one door to Blender: untyped handles to modules only the render environment has."""

from importlib import import_module
from typing import Any

# Any on purpose: mypy runs where bpy is not installed. Modules of this folder take what they need
# from here and keep the values they hand on (paths, numbers, our own dataclasses) typed.
bpy: Any = import_module("bpy")
Matrix: Any = import_module("mathutils").Matrix
BVHTree: Any = import_module("mathutils.bvhtree").BVHTree
Node = Any
Socket = Any


def empty_file(*, seed: int) -> Any:
    """Starts from an empty Blender file and returns its scene."""
    bpy.ops.wm.read_factory_settings(use_empty=True)
    scene = bpy.context.scene
    scene.cycles.seed = seed
    return scene


def linear_rgb(hex_colour: str) -> tuple[float, float, float]:
    """An sRGB colour `rrggbb` in the linear values Blender's shaders take."""
    parts = [int(hex_colour[i : i + 2], 16) / 255.0 for i in (0, 2, 4)]
    red, green, blue = (v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in parts)
    return (red, green, blue)
