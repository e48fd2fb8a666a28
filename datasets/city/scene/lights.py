"""Light and weather: a physical sky with sun, overcast, dusk, fog, night with lamps."""

import math
from typing import Any

from zoubian.datasets.city.light import Light
from zoubian.datasets.city.scene.blender import bpy, linear_rgb


def light_scene(scene: Any, light: Light, lamps: list[tuple[float, float, float]]) -> None:
    """Sets the world, the sun, the street lamps and the exposure."""
    _sky(scene, light)
    if light.sun_strength > 0.0:
        _sun(scene, light)
    if light.lamp_watts > 0.0:
        for index, place in enumerate(lamps):
            _lamp(scene, light, place, index)
    scene.view_settings.view_transform = "AgX"
    scene.view_settings.look = "AgX - Medium High Contrast"
    scene.view_settings.exposure = light.exposure


def _sky(scene: Any, light: Light) -> None:
    world = bpy.data.worlds.new("sky")
    scene.world = world
    world.use_nodes = True
    # The automatic importance map costs 5 s of CPU a frame; the sun is a lamp of its own.
    world.cycles.sampling_method, world.cycles.sample_map_resolution = "MANUAL", 128
    nodes, links = world.node_tree.nodes, world.node_tree.links
    background = nodes["Background"]
    background.inputs["Strength"].default_value = light.sky_strength
    sky = nodes.new("ShaderNodeTexSky")
    sky.sky_type = "NISHITA"
    sky.sun_disc = False
    sky.sun_elevation = math.radians(max(2.0, light.sun_elevation_deg))
    sky.sun_rotation = math.radians(light.sun_azimuth_deg)
    sky.air_density, sky.dust_density = 1.2, light.haze
    cloud = nodes.new("ShaderNodeTexNoise")
    cloud.inputs["Scale"].default_value = 2.2
    cloud.inputs["Detail"].default_value = 7.0
    cover = nodes.new("ShaderNodeMapRange")
    cover.inputs["From Min"].default_value = 0.75 - 0.45 * light.clouds
    cover.inputs["From Max"].default_value = 0.95 - 0.40 * light.clouds
    mix = nodes.new("ShaderNodeMix")
    mix.data_type = "RGBA"
    grey = tuple(part * light.cloud_brightness for part in linear_rgb(light.cloud_colour))
    mix.inputs[7].default_value = (*grey, 1.0)
    links.new(cloud.outputs["Fac"], cover.inputs["Value"])
    links.new(cover.outputs[0], mix.inputs[0])
    links.new(sky.outputs[0], mix.inputs[6])
    links.new(mix.outputs[2], background.inputs["Color"])


def _sun(scene: Any, light: Light) -> None:
    data = bpy.data.lights.new("sun", "SUN")
    data.energy, data.angle = light.sun_strength, math.radians(light.sun_size_deg)
    data.color = linear_rgb(light.sun_colour)
    sun = bpy.data.objects.new("sun", data)
    tilt = math.radians(90.0 - light.sun_elevation_deg)
    sun.rotation_euler = (tilt, 0.0, math.radians(light.sun_azimuth_deg))
    scene.collection.objects.link(sun)


def _lamp(scene: Any, light: Light, place: tuple[float, float, float], index: int) -> None:
    data = bpy.data.lights.new(f"lamp{index}", "SPOT")
    data.energy, data.color = light.lamp_watts, linear_rgb("ffd9a0")
    data.spot_size, data.spot_blend, data.shadow_soft_size = math.radians(140.0), 0.6, 0.25
    lamp = bpy.data.objects.new(f"lamp{index}", data)
    lamp.location = place
    scene.collection.objects.link(lamp)
