"""Surfaces of streets and nature: ground, walls, glass, soil, plants."""

from zoubian.datasets.city.scene.blender import Socket
from zoubian.datasets.city.scene.graph import Graph, Recipes


def asphalt(g: Graph) -> None:
    """Worn asphalt: grit, patches, cracks, drips of oil."""
    at = g.place("World")
    large = g.ramp(g.noise(at, 0.35, 5.0), (0.35, "4d4c4b"), (0.5, "5b5a58"), (0.68, "6b6966"))
    grit = g.noise(at, 90.0, 2.0, 0.8)
    speckled = g.mix(g.level(grit, 0.45, 0.75, 0.0, 0.4), large, g.rgb("8f8c86"))
    crack = g.node(
        "ShaderNodeTexVoronoi", Vector=g.mix(0.35, at, _wobble(g, at), "ADD"), Scale=0.42
    )
    crack.feature = "DISTANCE_TO_EDGE"
    gate = g.level(g.noise(at, 0.16, 2.0), 0.53, 0.6, 0.0, 1.0)
    line = g.level(crack.outputs["Distance"], 0.004, 0.014, 0.85, 0.0)
    cracked = g.mix(g.product(line, gate), speckled, g.rgb("1d1c1b"))
    oil = g.level(g.noise(at, 1.1, 3.0), 0.66, 0.76, 0.0, 0.6)
    wet = g.level(g.noise(at, 0.5, 3.0), 0.6, 0.7, 0.0, 1.0)
    g.set(
        Base_Color=g.mix(oil, cracked, g.rgb("2b2a29")), Roughness=g.level(wet, 0.0, 1.0, 0.88, 0.6)
    )
    g.bump(grit, 0.35, 0.006)


def asphalt_new(g: Graph) -> None:
    """A fresh black patch."""
    g.set(Base_Color=g.rgb("252525"), Roughness=0.8)
    g.bump(g.noise(g.place("World"), 70.0, 2.0), 0.4, 0.008)


def _wobble(g: Graph, at: Socket) -> Socket:
    node = g.node("ShaderNodeTexNoise", Vector=at, Scale=2.0, Detail=4.0)
    return node.outputs["Color"]


def paving(g: Graph) -> None:
    """Concrete paving stones with open joints, stained and uneven in colour."""
    at = g.place("World")
    tiles = g.node(
        "ShaderNodeTexBrick",
        Vector=at,
        Scale=1.0,
        Color1=(0.42, 0.42, 0.42, 1),
        Color2=(1, 1, 1, 1),
    )
    for name, value in (
        ("Mortar Size", 0.006),
        ("Brick Width", 0.3),
        ("Row Height", 0.3),
        ("Bias", 0.1),
    ):
        tiles.inputs[name].default_value = value
    tiles.inputs["Mortar"].default_value = (0.16, 0.15, 0.14, 1.0)
    tiles.offset = 0.5
    each = g.mix(0.42, g.colour, tiles.outputs["Color"], "MULTIPLY")
    stain = g.level(g.noise(at, 0.8, 5.0), 0.42, 0.7, 0.0, 0.75)
    spots = g.level(g.noise(at, 7.0, 2.0), 0.67, 0.72, 0.0, 0.6)
    colour = g.shade(g.shade(each, stain, "8f867a"), spots, "4d4a46")
    g.set(Base_Color=colour, Roughness=0.8)
    joint = g.level(tiles.outputs["Fac"], 0.0, 1.0, 1.0, 0.0)
    g.bump(joint, 0.5, 0.01)
    g.bump(g.noise(at, 45.0, 3.0), 0.15, 0.006)


def tactile(g: Graph) -> None:
    """Yellow guide tiles for the blind with bars along the street."""
    at = g.place("World")
    tiles = g.node("ShaderNodeTexBrick", Vector=at, Scale=1.0)
    for name, value in (("Mortar Size", 0.006), ("Brick Width", 0.3), ("Row Height", 0.3)):
        tiles.inputs[name].default_value = value
    tiles.offset = 0.0
    stain = g.level(g.noise(at, 1.2, 5.0), 0.35, 0.7, 0.1, 0.85)
    g.set(Base_Color=g.shade(g.rgb("b08d37"), stain, "8a7d68"), Roughness=0.75)
    bars = g.node("ShaderNodeTexWave", Vector=at, Scale=4.2)
    bars.bands_direction = "Y"
    g.bump(bars.outputs["Fac"], 0.7, 0.012)
    g.bump(g.level(tiles.outputs["Fac"], 0.0, 1.0, 1.0, 0.0), 0.5, 0.01)


def marking(g: Graph) -> None:
    """Road paint rubbed through to the asphalt."""
    at = g.place("World")
    worn = g.level(g.noise(at, 5.0, 6.0, 0.75), 0.46, 0.62, 0.1, 0.9)
    g.set(Base_Color=g.mix(worn, g.colour, g.rgb("67645f")), Roughness=0.75)


def plaster(g: Graph) -> None:
    """Painted render: rain streaks, patches, splashes at the foot."""
    at = g.place("World")
    patch = g.shade(g.colour, g.level(g.noise(at, 0.5, 5.0), 0.4, 0.72, 0.0, 0.55), "a89f92")
    streaks = g.level(g.noise(g.place("World", (2.2, 2.2, 0.12)), 1.0, 4.0), 0.52, 0.75, 0.0, 0.55)
    streaked = g.shade(patch, streaks, "8b8377")
    foot = g.level(g.height("World"), 0.1, 1.0, 0.6, 0.0)
    g.set(Base_Color=g.shade(streaked, foot, "8a7f70"), Roughness=0.9)
    g.bump(g.noise(at, 35.0, 3.0), 0.12, 0.01)


def _masonry(
    g: Graph, width: float, height: float, joint: float, mortar: str, spread: float
) -> None:
    """Courses of bricks or tiles on upright walls that look along x or y."""
    parts = g.node("ShaderNodeSeparateXYZ", Vector=g.place("World")).outputs
    along = g.node("ShaderNodeMath", Value=parts[0])
    g.feed(along.inputs[1], parts[1])
    flat = g.node("ShaderNodeCombineXYZ", X=along.outputs[0], Y=parts[2]).outputs[0]
    bricks = g.node(
        "ShaderNodeTexBrick",
        Vector=flat,
        Scale=1.0,
        Color1=(0.55, 0.55, 0.55, 1),
        Color2=(1, 1, 1, 1),
    )
    for name, value in (("Mortar Size", joint), ("Brick Width", width), ("Row Height", height)):
        bricks.inputs[name].default_value = value
    bricks.inputs["Mortar"].default_value = (1.0, 1.0, 1.0, 1.0)
    each = g.mix(spread, g.colour, bricks.outputs["Color"], "MULTIPLY")
    pointed = g.mix(bricks.outputs["Fac"], each, g.rgb(mortar))
    streaks = g.level(g.noise(g.place("World", (1.8, 1.8, 0.15)), 1.0, 4.0), 0.5, 0.75, 0.0, 0.5)
    g.set(Base_Color=g.shade(pointed, streaks, "8f877c"), Roughness=0.7)
    g.bump(g.level(bricks.outputs["Fac"], 0.0, 1.0, 1.0, 0.0), 0.4, 0.008)


def brick(g: Graph) -> None:
    """Red or grey brickwork."""
    _masonry(g, 0.25, 0.075, 0.008, "9a9186", 0.6)


def tile(g: Graph) -> None:
    """The small glazed wall tiles of the nineties."""
    _masonry(g, 0.12, 0.06, 0.004, "c9c4ba", 0.3)
    g.set(Roughness=0.35)


def stone(g: Graph) -> None:
    """Grey granite."""
    at = g.place("World")
    grain = g.ramp(g.noise(at, 70.0, 2.0, 0.9), (0.35, "66645f"), (0.5, "8e8b86"), (0.65, "a9a6a0"))
    g.set(
        Base_Color=g.shade(grain, g.level(g.noise(at, 1.5, 4.0), 0.4, 0.7, 0, 0.6), "8c8478"),
        Roughness=0.7,
    )


def concrete(g: Graph) -> None:
    """Grey concrete with stains."""
    at = g.place("World")
    g.set(
        Base_Color=g.ramp(g.noise(at, 1.6, 6.0), (0.35, "75726c"), (0.65, "a19d95")), Roughness=0.88
    )
    g.bump(g.noise(at, 30.0, 3.0), 0.2, 0.008)


def glass(g: Graph) -> None:
    """A window by day: dark, mirroring the sky, each pane a little different."""
    at = g.place("World", (0.35, 0.35, 0.35))
    inside = g.ramp(g.noise(at, 3.0, 4.0), (0.38, "0f1214"), (0.52, "3a3c3a"), (0.68, "857c6c"))
    g.set(Base_Color=g.mix(0.4, g.colour, inside), Roughness=0.04, Specular_IOR_Level=0.75)
    g.bump(g.noise(g.place("World"), 1.3, 2.0), 0.05, 0.02)


def glass_lit(g: Graph) -> None:
    """A shop window with shelves behind it, faintly lit."""
    cells = g.node("ShaderNodeTexVoronoi", Vector=g.place("World", (3.0, 3.0, 5.0)), Scale=1.0)
    cells.distance = "CHEBYCHEV"
    goods = g.mix(0.8, cells.outputs["Color"], g.rgb("8a7358"))
    deep = g.ramp(g.noise(g.place("World"), 0.9, 3.0), (0.4, "14171a"), (0.7, "ffffff"))
    dim = g.mix(1.0, goods, deep, "MULTIPLY")
    dark = g.shade(dim, 1.0, "6b655c")
    g.set(
        Base_Color=dark,
        Roughness=0.05,
        Specular_IOR_Level=0.7,
        Emission_Color=dim,
        Emission_Strength=0.12,
    )


def soil(g: Graph) -> None:
    """Dug-out earth with clods."""
    at = g.place("Object")
    g.set(
        Base_Color=g.ramp(
            g.noise(at, 3.5, 8.0, 0.7), (0.3, "3d2c1d"), (0.5, "6a4f35"), (0.7, "8a6c4b")
        ),
        Roughness=0.95,
    )
    g.bump(g.noise(at, 9.0, 8.0, 0.75), 0.9, 0.09)


def sand(g: Graph) -> None:
    """Building sand."""
    at = g.place("Object")
    colour = g.ramp(g.noise(at, 3.0, 8.0), (0.35, "8a734b"), (0.5, "a98f60"), (0.65, "c2a978"))
    damp = g.level(g.noise(at, 1.3, 3.0), 0.48, 0.62, 0.0, 0.6)
    g.set(Base_Color=g.shade(colour, damp, "9b8a70"), Roughness=0.95)
    g.bump(g.noise(at, 14.0, 8.0, 0.75), 0.6, 0.04)


def hole(g: Graph) -> None:
    """The unlit inside of a trench."""
    at = g.place("Object")
    g.set(Base_Color=g.ramp(g.noise(at, 2.0, 4.0), (0.3, "0b0806"), (0.7, "1d150e")), Roughness=1.0)


def rubble(g: Graph) -> None:
    """Crushed brick, mortar and concrete."""
    at = g.place("Object")
    cells = g.node("ShaderNodeTexVoronoi", Vector=at, Scale=16.0)
    pick = g.node("ShaderNodeSeparateColor", Color=cells.outputs["Color"]).outputs[0]
    colour = g.ramp(pick, (0.2, "a9a298"), (0.5, "8b8378"), (0.75, "9c6b52"), (0.95, "cbc6bb"))
    g.set(Base_Color=g.shade(colour, g.noise(at, 5.0, 5.0), "8a8072"), Roughness=0.95)
    g.bump(cells.outputs["Distance"], 1.0, 0.06)


def snow(g: Graph) -> None:
    """Street snow, dirty in patches."""
    at = g.place("World")
    g.set(
        Base_Color=g.ramp(g.noise(at, 1.6, 6.0), (0.3, "8f8a82"), (0.5, "dfe3e8"), (0.7, "eef1f5")),
        Roughness=0.7,
    )
    g.bump(g.noise(at, 6.0, 6.0), 0.5, 0.05)


def bark(g: Graph) -> None:
    """Poplar and elm bark."""
    at = g.place("Object", (6.0, 6.0, 1.2))
    height = g.noise(at, 3.0, 6.0)
    g.set(Base_Color=g.ramp(height, (0.35, "2f2821"), (0.65, "6d6256")), Roughness=0.95)
    g.bump(height, 0.8, 0.03)


def leaf(g: Graph) -> None:
    """Leaves, each crown and each patch of it a little different."""
    vary = g.level(g.noise(g.place("World"), 2.5, 2.0), 0.3, 0.7, 0.0, 0.55)
    colour = g.mix(vary, g.colour, g.rgb("9aa24a"))
    colour = g.shade(colour, g.random(), "c9d2a8")
    g.set(Base_Color=colour, Roughness=0.55)
    g.translucent(colour, 0.3)


def leaf_litter(g: Graph) -> None:
    """Dead leaves lying in a mass."""
    at = g.place("Object")
    cells = g.node("ShaderNodeTexVoronoi", Vector=at, Scale=26.0)
    pick = g.node("ShaderNodeSeparateColor", Color=cells.outputs["Color"]).outputs[0]
    g.set(Base_Color=g.ramp(pick, (0.2, "6a4a20"), (0.5, "9a7030"), (0.8, "b8923f")), Roughness=0.9)
    g.bump(cells.outputs["Distance"], 1.0, 0.05)


def paint_lime(g: Graph) -> None:
    """The white lime wash on tree trunks."""
    at = g.place("Object")
    g.set(
        Base_Color=g.ramp(g.noise(at, 9.0, 5.0), (0.4, "e3e1da"), (0.62, "b5ada0")), Roughness=0.95
    )


RECIPES: Recipes = {
    "asphalt": asphalt,
    "asphalt_new": asphalt_new,
    "paving": paving,
    "tactile": tactile,
    "marking": marking,
    "plaster": plaster,
    "brick": brick,
    "tile": tile,
    "stone": stone,
    "concrete": concrete,
    "glass": glass,
    "glass_lit": glass_lit,
    "soil": soil,
    "sand": sand,
    "hole": hole,
    "rubble": rubble,
    "snow": snow,
    "bark": bark,
    "leaf": leaf,
    "leaf_litter": leaf_litter,
    "paint_lime": paint_lime,
}
