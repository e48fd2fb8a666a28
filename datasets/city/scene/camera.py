"""Puts a camera of `projection.py` into the Blender scene."""

import math
from typing import Any

from zoubian.datasets.city.projection import Camera
from zoubian.datasets.city.scene.blender import Matrix, bpy


def set_camera(scene: Any, camera: Camera, *, sideways: bool) -> None:
    """Sets camera and resolution.

    Args:
        scene: The Blender scene.
        camera: Of the upright picture.
        sideways: The phone was held upright but stores lying pixels (EXIF orientation 6): the
            stored picture's left edge is the upright picture's top.
    """
    data = bpy.data.cameras.new("phone")
    data.sensor_fit = "HORIZONTAL"
    width, height = camera.width, camera.height
    right, up, forward = camera.axes()
    if sideways:
        width, height = height, width
        right, up = (-up[0], -up[1], -up[2]), right
    data.angle = 2.0 * math.atan(width / 2.0 / camera.focal_px)
    data.clip_start, data.clip_end = 0.05, 1500.0
    item = bpy.data.objects.new("phone", data)
    columns = (right, up, tuple(-part for part in forward))
    rows = [
        [columns[c][r] for c in range(3)] + [place]
        for r, place in enumerate((camera.x, camera.y, camera.z))
    ]
    item.matrix_world = Matrix([*rows, [0.0, 0.0, 0.0, 1.0]])
    scene.collection.objects.link(item)
    scene.camera = item
    scene.render.resolution_x, scene.render.resolution_y = width, height
    scene.render.resolution_percentage = 100
