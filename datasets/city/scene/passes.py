"""Renders a frame: the picture as JPEG and, in the same go, which object each pixel shows."""

import array
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from zoubian.datasets.city.projection import Camera
from zoubian.datasets.city.scene.blender import BVHTree, bpy
from zoubian.datasets.city.truth import IdMask

RAYS_A_SIDE = 160

OPENNESS_M = 8.0  # what stands within it takes sky from a place


def render_frame(
    scene: Any,
    picture: Path,
    *,
    samples: int,
    short_paths: bool,
    threads: int,
    grain: float,
    blur_px: float,
    fog_m: float,
) -> IdMask:
    """Renders the scene with Cycles on the CPU.

    Args:
        scene: The Blender scene, camera set.
        picture: Where the JPEG goes.
        samples: Paths a pixel before denoising.
        short_paths: Guess indirect light from how open a place lies.
        threads: CPU threads.
        grain: Strength of the sensor's noise, 0 to 1.
        blur_px: Width of a motion blur along the rows; 0 for a steady hand.
        fog_m: Distance at which two thirds of the light are fog; 0 for clear air.

    Returns:
        The id pass in the stored picture's pixels.
    """
    _set_cycles(scene, samples=samples, threads=threads)
    if short_paths:
        _shorten_paths(scene)
    scene.render.image_settings.file_format = "JPEG"
    scene.render.image_settings.quality = 88
    scene.render.filepath = str(picture)
    scene.view_layers[0].use_pass_object_index = True
    if fog_m > 0.0:
        scene.view_layers[0].use_pass_mist = True
        scene.world.mist_settings.start, scene.world.mist_settings.depth = 0.0, fog_m * 2.5
        scene.world.mist_settings.falloff = "LINEAR"
    ids_stem = picture.with_suffix(".ids")
    _compose(scene, ids_stem, grain=grain, blur_px=blur_px, fog=fog_m > 0.0)
    bpy.ops.render.render(write_still=True)
    return _read_ids(ids_stem)


def unhidden_pixels(
    stage_objects: Sequence[Any], camera: Camera, *, step_px: int, ground_z: float | None
) -> int:
    """How many pixels of the upright picture objects cover with nothing before them and no edge.

    Args:
        stage_objects: Blender objects that together are one thing.
        camera: Of the upright picture.
        step_px: Rays are cast on a grid of this pitch.
        ground_z: Of a thing that is dug: its walls seen from behind, through the ground, count
            for nothing. None for what stands on the ground.
    """
    columns, rows = [], []
    vertices: list[Any] = []
    polygons: list[tuple[int, ...]] = []
    depsgraph = bpy.context.evaluated_depsgraph_get()
    for item in stage_objects:
        evaluated = item.evaluated_get(depsgraph)
        mesh = evaluated.to_mesh()
        if mesh is None:
            continue
        first = len(vertices)
        for vertex in mesh.vertices:
            point = item.matrix_world @ vertex.co
            vertices.append(point)
            column, row, depth = camera.project(tuple(point))
            if depth > 0.1:
                columns.append(column)
                rows.append(row)
        polygons.extend(tuple(first + i for i in polygon.vertices) for polygon in mesh.polygons)
        evaluated.to_mesh_clear()
    if not columns or not polygons:
        return 0
    tree = BVHTree.FromPolygons(vertices, polygons)
    origin = (camera.x, camera.y, camera.z)
    # A thing beside the lens reaches to infinity on the picture's plane.
    left, right = max(min(columns), -camera.width), min(max(columns), 2.0 * camera.width)
    top, bottom = max(min(rows), -camera.height), min(max(rows), 2.0 * camera.height)
    step_px = max(step_px, math.ceil(max(right - left, bottom - top) / RAYS_A_SIDE))
    hits = 0
    for row in range(int(top), int(bottom) + 1, step_px):
        for column in range(int(left), int(right) + 1, step_px):
            ray = camera.ray(column + 0.5, row + 0.5)
            place, normal = tree.ray_cast(origin, ray)[:2]
            if place is None:
                continue
            through_ground = ground_z is not None and place[2] < ground_z - 0.02
            if not through_ground or sum(n * r for n, r in zip(normal, ray, strict=True)) < 0.0:
                hits += 1
    return hits * step_px * step_px


def _set_cycles(scene: Any, *, samples: int, threads: int) -> None:
    scene.render.engine = "CYCLES"
    cycles = scene.cycles
    cycles.device, cycles.samples, cycles.use_adaptive_sampling = "CPU", samples, False
    cycles.use_denoising, cycles.denoiser = True, "OPENIMAGEDENOISE"
    cycles.denoising_prefilter, cycles.denoising_quality = "FAST", "FAST"
    cycles.max_bounces, cycles.diffuse_bounces = 4, 2
    cycles.glossy_bounces, cycles.transmission_bounces = 2, 2
    cycles.sample_clamp_indirect, cycles.use_light_tree = 4.0, False
    cycles.caustics_reflective = cycles.caustics_refractive = False
    scene.render.threads_mode, scene.render.threads = "FIXED", threads


def _shorten_paths(scene: Any) -> None:
    cycles = scene.cycles
    cycles.use_fast_gi, cycles.fast_gi_method, cycles.ao_bounces_render = True, "REPLACE", 1
    scene.world.light_settings.distance = OPENNESS_M


def _compose(scene: Any, ids_stem: Path, *, grain: float, blur_px: float, fog: bool) -> None:
    scene.use_nodes = True
    tree = scene.node_tree
    tree.nodes.clear()
    layers = tree.nodes.new("CompositorNodeRLayers")
    ids = tree.nodes.new("CompositorNodeOutputFile")
    ids.base_path, ids.file_slots[0].path = str(ids_stem.parent), ids_stem.name + "_"
    ids.format.file_format, ids.format.color_depth = "OPEN_EXR", "32"
    ids.format.color_mode = "RGB"
    tree.links.new(layers.outputs["IndexOB"], ids.inputs[0])
    picture = layers.outputs["Image"]
    if fog:
        picture = _fogged(tree, picture, layers.outputs["Mist"])
    if blur_px > 0.0:
        blur = tree.nodes.new("CompositorNodeBlur")
        blur.filter_type, blur.size_x, blur.size_y = "FLAT", int(blur_px), int(blur_px / 5)
        tree.links.new(picture, blur.inputs[0])
        picture = blur.outputs[0]
    if grain > 0.0:
        picture = _grained(tree, picture, grain)
    final = tree.nodes.new("CompositorNodeComposite")
    tree.links.new(picture, final.inputs[0])


def _fogged(tree: Any, picture: Any, mist: Any) -> Any:
    mix = tree.nodes.new("CompositorNodeMixRGB")
    mix.inputs[2].default_value = (0.72, 0.75, 0.78, 1.0)
    curve = tree.nodes.new("CompositorNodeMath")
    curve.operation = "POWER"
    curve.inputs[1].default_value = 0.7
    tree.links.new(mist, curve.inputs[0])
    tree.links.new(curve.outputs[0], mix.inputs[0])
    tree.links.new(picture, mix.inputs[1])
    return mix.outputs[0]


def _grained(tree: Any, picture: Any, grain: float) -> Any:
    pattern = bpy.data.textures.new("grain", "NOISE")
    texture = tree.nodes.new("CompositorNodeTexture")
    texture.texture = pattern
    soft = tree.nodes.new("CompositorNodeBlur")
    soft.filter_type, soft.size_x, soft.size_y = "GAUSS", 1, 1
    tree.links.new(texture.outputs["Color"], soft.inputs[0])
    mix = tree.nodes.new("CompositorNodeMixRGB")
    mix.blend_type = "OVERLAY"
    mix.inputs[0].default_value = grain
    tree.links.new(picture, mix.inputs[1])
    tree.links.new(soft.outputs[0], mix.inputs[2])
    return mix.outputs[0]


def _read_ids(stem: Path) -> IdMask:
    path = next(stem.parent.glob(stem.name + "_*.exr"))
    image = bpy.data.images.load(str(path))
    image.colorspace_settings.name = "Non-Color"
    width, height = image.size
    values = array.array("f", bytes(4 * width * height * image.channels))
    image.pixels.foreach_get(values)
    ids = bytes(min(255, round(value)) for value in values[:: image.channels])
    bpy.data.images.remove(image)
    path.unlink()
    upside = [ids[row * width : (row + 1) * width] for row in range(height)]
    return IdMask(width, height, b"".join(reversed(upside)))
