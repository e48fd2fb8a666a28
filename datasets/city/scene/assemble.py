"""Puts pieces into the Blender scene: one mesh a shape, as many objects as there are pieces."""

import math
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from zoubian.datasets.city.mesh import Mesh
from zoubian.datasets.city.pieces import Piece, ShapeKey, Thing
from zoubian.datasets.city.scene.blender import bpy, linear_rgb
from zoubian.datasets.city.scene.materials import material
from zoubian.datasets.city.shapes import shape

# Blender scales a font by its tallest line; the number is the width of one character at size 1.
FONTS = (
    (Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Bold.ttc"), 0.3465),
    (Path("/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc"), 0.787),
)
# Edges that look wrong when razor-sharp near the lens: shape -> (width in metres, segments).
BEVELS = {
    "bin_body": (0.006, 2),
    "bin_lid": (0.006, 2),
    "car": (0.04, 3),
    "dump_truck": (0.02, 2),
    "carton": (0.004, 2),
    "kerb": (0.012, 2),
}


class Stage:
    """The scene under construction: keeps each shape's mesh and links it for every piece."""

    def __init__(self, scene: Any) -> None:
        self._scene = scene
        self._data: dict[ShapeKey, Any] = {}

    def add_things(self, things: Iterable[Thing]) -> dict[int, Thing]:
        """Adds things and returns which id each carries in the id pass (from 1)."""
        ids = dict(enumerate(things, start=1))
        for number, thing in ids.items():
            self.add_pieces(thing.pieces, pass_index=number)
        return ids

    def add_pieces(self, pieces: Iterable[Piece], *, pass_index: int) -> None:
        """Adds pieces that all carry one id; 0 for what is no object of the truth."""
        for piece in pieces:
            self._place(piece, pass_index)

    def _place(self, piece: Piece, pass_index: int) -> None:
        data = self._data.get(piece.shape)
        if data is None:
            data = _text(piece.shape) if piece.shape[0] == "text" else _mesh(piece.shape)
            self._data[piece.shape] = data
        item = bpy.data.objects.new(str(piece.shape[0]), data)
        item.location = (piece.x, piece.y, piece.z)
        item.rotation_euler = tuple(math.radians(a) for a in (piece.roll, piece.pitch, piece.yaw))
        item.scale = (piece.scale,) * 3
        item.color = (*linear_rgb(piece.colour), 1.0)
        item.pass_index = pass_index
        _bevel(item, str(piece.shape[0]))
        self._scene.collection.objects.link(item)


def _mesh(key: ShapeKey) -> Any:
    source: Mesh = shape(key)
    data = bpy.data.meshes.new(str(key))
    data.from_pydata(source.vertices, [], source.faces)
    slots = {name: index for index, name in enumerate(dict.fromkeys(source.materials))}
    for name in slots:
        data.materials.append(material(name))
    data.polygons.foreach_set("material_index", [slots[name] for name in source.materials])
    data.polygons.foreach_set("use_smooth", source.smooth)
    data.update()
    return data


def _text(key: ShapeKey) -> Any:
    """A text `("text", words, height_m, material)`: stands in the xz plane, reads from -y."""
    _, words, height_m, material_name = key
    data = bpy.data.curves.new(str(words), "FONT")
    data.font, em = _font()
    data.body, data.size = str(words), float(height_m) / em
    data.align_x, data.align_y = "CENTER", "CENTER"
    data.resolution_u, data.extrude = 2, 0.002
    data.materials.append(material(str(material_name)))
    return data


def _font() -> tuple[Any, float]:
    for path, em in FONTS:
        if path.exists():
            return bpy.data.fonts.load(str(path), check_existing=True), em
    raise FileNotFoundError("no Chinese font: install fonts-noto-cjk or fonts-wqy-zenhei")


def _bevel(item: Any, name: str) -> None:
    if name not in BEVELS:
        return
    bevel = item.modifiers.new("bevel", "BEVEL")
    bevel.width, bevel.segments = BEVELS[name]
    bevel.limit_method, bevel.angle_limit = "ANGLE", math.radians(35.0)
