"""Shapes are closed where they must be, stand on the ground and are the same every time."""

import math

import pytest

from zoubian.datasets.city import bags, bins, goods, ground, mesh, vehicles
from zoubian.datasets.city.pieces import Piece
from zoubian.datasets.city.plans import sample_street
from zoubian.datasets.city.shapes import shape
from zoubian.datasets.city.street import build_street


def extent(one: mesh.Mesh, axis: int) -> tuple[float, float]:
    values = [vertex[axis] for vertex in one.vertices]
    return min(values), max(values)


def volume(one: mesh.Mesh) -> float:
    """Signed volume; positive when faces are counter-clockwise from outside."""
    total = 0.0
    for face in one.faces:
        a = one.vertices[face[0]]
        for i in range(1, len(face) - 1):
            b, c = one.vertices[face[i]], one.vertices[face[i + 1]]
            cross = (
                b[1] * c[2] - b[2] * c[1],
                b[2] * c[0] - b[0] * c[2],
                b[0] * c[1] - b[1] * c[0],
            )
            total += sum(p * q for p, q in zip(a, cross, strict=True)) / 6.0
    return total


@pytest.mark.parametrize(
    ("solid", "expected"),
    [
        (mesh.box((0, 0, 0), (2, 3, 4), "m"), 24.0),
        (mesh.box((-1, -1, -1), (1, 1, 1), "m").turned("x", 30.0).moved(5, 0, 2), 8.0),
        (mesh.tube((0, 0, 0), (0, 0, 2), 1.0, "m", sides=256), 2.0 * math.pi),
        (mesh.tube((1, 2, 3), (1, 5, 3), 1.0, "m", sides=256, end_radius=0.0), math.pi),
        (mesh.ball(64, 128, "m"), 4.0 / 3.0 * math.pi),
    ],
)
def test_solids_have_the_volume_of_the_book(solid, expected):
    assert volume(solid) == pytest.approx(expected, rel=0.01)


def test_every_face_has_a_material_and_valid_vertices():
    street = build_street(sample_street())
    pieces = [*street.pieces, *(piece for thing in street.things for piece in thing.pieces)]
    keys = {piece.shape for piece in pieces if piece.shape[0] != "text"}
    assert len(keys) > 100
    for key in keys:
        one = shape(key)
        assert len(one.faces) == len(one.materials) == len(one.smooth) > 0, key
        assert max(max(face) for face in one.faces) < len(one.vertices), key
        assert all(math.isfinite(value) for vertex in one.vertices for value in vertex), key


@pytest.mark.parametrize("litres", sorted(bins.SIZES))
def test_bin_stands_on_the_ground_at_its_height(litres):
    low, high = extent(bins.bin_body(litres, "2c7a3f"), 2)
    assert low == pytest.approx(0.0, abs=0.02)
    assert high == pytest.approx(bins.SIZES[litres].height_m, abs=0.03)


@pytest.mark.parametrize(("angle_deg", "above"), [(0.0, True), (100.0, True), (255.0, False)])
def test_lid_turns_about_the_back_edge(angle_deg, above):
    size = bins.SIZES[240]
    lid = bins.bin_lid(240, "2c7a3f", angle_deg)
    middle_z = sum(extent(lid, 2)) / 2.0
    assert (middle_z > size.height_m) is above
    if angle_deg > 90.0:  # an open lid leaves the mouth free
        assert extent(lid, 1)[1] > size.depth_m / 2.0
        assert sum(extent(lid, 1)) / 2.0 > size.depth_m / 4.0


@pytest.mark.parametrize("variant", range(bags.BAG_VARIANTS))
def test_bags_lie_on_the_ground_and_differ(variant):
    for make in (bags.tied_bag, bags.open_bag):
        one = make(variant)
        assert extent(one, 2)[0] == pytest.approx(0.0, abs=0.02)
        assert 0.5 < extent(one, 0)[1] - extent(one, 0)[0] < 1.7
        assert one.vertices != make((variant + 1) % bags.BAG_VARIANTS).vertices
        assert one.vertices == make(variant).vertices


def test_soil_stands_over_the_edge_and_the_tarpaulin_over_the_soil():
    edge_m = 2.75
    soil = extent(vehicles.soil_load(), 2)[1]
    assert soil > edge_m + 0.2
    assert extent(vehicles.tarpaulin(), 2)[1] > edge_m + 0.3
    assert any("tarpaulin" in name for name in vehicles.dump_truck("b8391f", "tarpaulin").materials)
    assert not any("soil" in name for name in vehicles.dump_truck("b8391f", "empty").materials)


def test_piece_turns_with_the_frame_it_stands_in():
    piece = Piece(("cone",), x=1.0, y=0.0, z=0.5, yaw=10.0).placed(5.0, 7.0, 0.15, 90.0)
    assert (piece.x, piece.y, piece.z, piece.yaw) == pytest.approx((5.0, 8.0, 0.65, 100.0))


def test_a_closed_lid_hides_the_load_and_an_open_one_stands_beside_it():
    shut, opened = vehicles.hard_lid("paint#b8391f", 0.0), vehicles.hard_lid("paint#b8391f", 104.0)
    over = [vertex for vertex in shut.vertices if abs(vertex[1]) < 0.3]
    assert min(vertex[2] for vertex in over) > vehicles.BOX_EDGE_M
    assert not [vertex for vertex in opened.vertices if abs(vertex[1]) < 1.0]
    assert volume(shut) > 0.0


def test_block_with_a_hole_has_the_surface_left_over():
    low, high = (0.0, 0.0, -0.3), (10.0, 4.0, 0.0)
    one = ground.slab(low, high, "m", (2.0, 1.0, 4.5, 2.0, 20.0, 0.0, 30.0, 1.0))
    top = [face for face in one.faces if all(one.vertices[i][2] == 0.0 for i in face)]
    area = 0.0
    for face in top:
        xs, ys = ([one.vertices[i][axis] for i in face] for axis in (0, 1))
        area += (max(xs) - min(xs)) * (max(ys) - min(ys))
    assert area == pytest.approx(10.0 * 4.0 - 2.5)
    assert ground.slab(low, high, "m", ()).faces == mesh.box(low, high, "m").faces


def test_trench_goes_down_and_stays_within_its_hole_below_ground():
    one = goods.trench(2.6, 1.3, 1.1)
    deep = [vertex for vertex in one.vertices if vertex[2] < -0.2]
    assert min(vertex[2] for vertex in deep) == pytest.approx(-1.1, abs=0.15)
    assert max(abs(vertex[0]) for vertex in deep) < 1.35
    assert max(abs(vertex[1]) for vertex in deep) < 0.7
