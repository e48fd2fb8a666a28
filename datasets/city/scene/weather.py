"""Changes the ground's materials after they are made: wet road with puddles, a dusting of snow."""

from typing import Any

from zoubian.datasets.city.scene.blender import bpy
from zoubian.datasets.city.scene.graph import Graph

GROUND = ("asphalt", "paving", "tactile", "marking", "stone")


def make_wet() -> None:
    """Darkens the ground and lets water stand in its hollows."""
    for graph in _ground_graphs():
        colour = _colour(graph)
        pools = graph.level(graph.noise(graph.place("World"), 0.7, 4.0), 0.47, 0.6, 0.0, 1.0)
        graph.set(
            Base_Color=graph.shade(colour, 0.8, "8d8f94"),
            Roughness=graph.level(pools, 0.0, 1.0, 0.42, 0.04),
        )


def dust_with_snow() -> None:
    """Trodden snow in patches over the ground."""
    for graph in _ground_graphs():
        patches = graph.level(
            graph.noise(graph.place("World"), 0.9, 6.0, 0.7), 0.46, 0.58, 0.0, 0.9
        )
        graph.set(Base_Color=graph.mix(patches, _colour(graph), graph.rgb("d9dde2")))


def _ground_graphs() -> list[Graph]:
    return [
        Graph(material, "ffffff")
        for material in bpy.data.materials
        if material.name.partition("#")[0] in GROUND
    ]


def _colour(graph: Graph) -> Any:
    return graph.shader.inputs["Base Color"].links[0].from_socket
