"""Spots: what is planned to stand together, and the verb that puts pieces into a spot's frame."""

from dataclasses import dataclass

from zoubian.datasets.city.pieces import Piece, Thing, thing_at

GREEN, BLUE, GREY, BLACK, RED = "2c7a3f", "2457a0", "5b6063", "23262a", "a3272b"

TRENCH_M = (2.6, 1.3)  # length and width of the hole of a "trench", for whoever cuts the ground


@dataclass(frozen=True, slots=True)
class BinPlan:
    """One bin of a spot.

    Attributes:
        litres: 120, 240 or 660.
        colour: `rrggbb` of body and lid.
        lid: "closed", "ajar", "open" (hangs behind) or "upright".
        heaped_m: Rubbish over the rim in metres; 0 or less: below it by so much.
    """

    litres: int
    colour: str
    lid: str
    heaped_m: float


@dataclass(frozen=True, slots=True)
class SpotPlan:
    """A spot to be laid out.

    Attributes:
        spot_id: Unique within a street.
        kind: Key of `LAYOUTS`.
        x: Metres along the street; `y` across it, `z` height of the ground there.
        yaw: Turn of the whole spot; at 0 bins look to -y.
        bins: For kinds with bins, from left to right seen from the front.
        size: Of heaps: 1 is about 1.2 m across.
    """

    spot_id: str
    kind: str
    x: float
    y: float
    z: float
    yaw: float
    bins: tuple[BinPlan, ...] = ()
    size: float = 1.0


def put(
    plan: SpotPlan,
    pieces: list[Piece],
    place: tuple[float, float, float],
    *,
    name: str,
    visual_class: str,
    **state: str,
) -> Thing:
    """Makes a thing of pieces and puts it at (x, y, yaw) of the spot's own frame."""
    x, y, yaw = place
    at = Piece(("origin",), x, y, 0.0).placed(plan.x, plan.y, plan.z, plan.yaw)
    return thing_at(
        pieces,
        (at.x, at.y, at.z, plan.yaw + yaw),
        thing_id=f"{plan.spot_id}-{name}",
        visual_class=visual_class,
        spot_id=plan.spot_id,
        **state,
    )


def text_piece(words: str, height: float, material: str, x: float, y: float, z: float) -> Piece:
    """Words standing upright that are read from -y."""
    return Piece(("text", words, height, material), x, y, z, roll=90.0)
