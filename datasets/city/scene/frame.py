"""Renders one frame of a plan and measures its truth."""

from collections.abc import Sequence
from pathlib import Path

from zoubian.datasets.city.frames import Frame
from zoubian.datasets.city.pieces import Piece, Thing, distance_m
from zoubian.datasets.city.projection import Camera
from zoubian.datasets.city.scene.assemble import Stage
from zoubian.datasets.city.scene.blender import bpy, empty_file
from zoubian.datasets.city.scene.camera import set_camera
from zoubian.datasets.city.scene.lights import light_scene
from zoubian.datasets.city.scene.passes import render_frame, unhidden_pixels
from zoubian.datasets.city.scene.weather import dust_with_snow, make_wet
from zoubian.datasets.city.street import Street
from zoubian.datasets.city.truth import IdMask, TruthObject, visibility

NEAR_M, FAR_M = 60.0, 190.0
LARGE = ("carriageway", "pavement", "kerb", "house", "cable", "marking", "overpass")


def render(
    frame: Frame, street: Street, picture: Path, *, threads: int
) -> tuple[IdMask, list[TruthObject]]:
    """Renders a picture to a path and returns its upright id mask and truth."""
    scene = empty_file(seed=frame.street.seed)
    stage = Stage(scene)
    stage.add_pieces(in_view((*street.pieces, *frame.people), frame.camera), pass_index=0)
    near = [
        thing
        for thing in street.things
        if _sees(frame.camera, thing.centre[0], thing.centre[1], NEAR_M)
    ]
    ids = stage.add_things(near)
    if frame.wet:
        make_wet()
    if frame.street.season == "winter":
        dust_with_snow()
    lamps = [lamp for lamp in street.lamps if abs(lamp[0] - frame.camera.x) < NEAR_M]
    light_scene(scene, frame.light, lamps)
    set_camera(scene, frame.camera, sideways=frame.sideways)
    mask = render_frame(
        scene,
        picture,
        samples=frame.samples,
        short_paths=frame.short_paths,
        threads=threads,
        grain=frame.grain,
        blur_px=frame.blur_px,
        fog_m=frame.light.fog_m,
    )
    if frame.sideways:
        mask = mask.upright()
    return mask, _truth(frame, mask, ids)


def in_view(pieces: Sequence[Piece], camera: Camera) -> list[Piece]:
    """Leaves out what stands far behind the camera or too far off to show."""
    kept = []
    for piece in pieces:
        far = FAR_M if piece.shape[0] in LARGE else NEAR_M * 1.6
        if piece.shape[0] in LARGE or _sees(camera, piece.x, piece.y, far):
            kept.append(piece)
    return kept


def _sees(camera: Camera, x: float, y: float, far: float) -> bool:
    """Within reach and not far behind (things close behind still throw shadows)."""
    forward = camera.axes()[2]
    dx, dy = x - camera.x, y - camera.y
    return dx * forward[0] + dy * forward[1] > -14.0 and dx * dx + dy * dy < far * far


def _truth(frame: Frame, mask: IdMask, ids: dict[int, Thing]) -> list[TruthObject]:
    objects = []
    camera, anchor = frame.camera, frame.street.anchor
    for number, (box, pixels) in mask.extents().items():
        thing = ids[number]
        items = [item for item in bpy.data.objects if item.pass_index == number]
        dug = any(piece.shape[0] == "trench" for piece in thing.pieces)
        ground_z = thing.centre[2] if dug else None
        unhidden = unhidden_pixels(items, camera, step_px=4, ground_z=ground_z)
        lat, lon = anchor.to_wgs84(thing.centre[0], thing.centre[1])
        distance = distance_m(thing.centre, (camera.x, camera.y, camera.z))
        objects.append(
            TruthObject(
                thing_id=thing.thing_id,
                mask_id=number,
                visual_class=thing.visual_class,
                spot_id=thing.spot_id,
                state=dict(thing.state),
                box_xyxy_px=box,
                pixels=pixels,
                visibility=visibility(pixels, unhidden),
                lat=round(lat, 7),
                lon=round(lon, 7),
                distance_m=round(distance, 2),
            )
        )
    return objects
