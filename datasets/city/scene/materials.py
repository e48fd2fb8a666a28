"""Materials by name, all procedural: `kind#rrggbb`, or `kind` to take the piece's own colour."""

from typing import Any

from zoubian.datasets.city.scene import surfaces_street, surfaces_things
from zoubian.datasets.city.scene.blender import bpy
from zoubian.datasets.city.scene.graph import Graph

RECIPES = surfaces_street.RECIPES | surfaces_things.RECIPES


def material(name: str) -> Any:
    """The material of a name, made once a Blender file.

    Raises:
        KeyError: No recipe of that kind.
    """
    found = bpy.data.materials.get(name)
    if found is not None:
        return found
    kind, _, colour = name.partition("#")
    made = bpy.data.materials.new(name)
    RECIPES[kind](Graph(made, colour))
    return made
