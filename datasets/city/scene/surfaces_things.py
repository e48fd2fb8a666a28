"""Surfaces of things: bins, bags, paper, vehicles, cloth, letters."""

from zoubian.datasets.city.scene.graph import Graph, Recipes


def plastic(g: Graph) -> None:
    """Bin plastic: sun-bleached on top, scuffed, splashed with dirt below."""
    at = g.place("Object")
    worn = g.shade(g.colour, g.level(g.noise(at, 3.5, 5.0), 0.42, 0.7, 0.0, 0.55), "8f8a80")
    dirt = g.level(g.height("Object"), 0.0, 0.55, 0.65, 0.0)
    patch = g.level(g.noise(at, 9.0, 4.0), 0.35, 0.65, 0.15, 1.0)
    amount = g.product(dirt, patch)
    streaks = g.level(
        g.noise(g.place("Object", (14.0, 14.0, 0.9)), 1.0, 3.0), 0.56, 0.72, 0.0, 0.45
    )
    colour = g.mix(streaks, g.mix(amount, worn, g.rgb("6d6252")), g.rgb("7b7263"))
    g.set(Base_Color=colour, Roughness=g.level(g.noise(at, 14.0), 0.3, 0.7, 0.36, 0.62))
    g.bump(g.noise(at, 60.0, 2.0), 0.12, 0.003)


def bag(g: Graph) -> None:
    """Thin film over lumpy contents; takes the piece's colour."""
    at = g.place("Object")
    inside = g.ramp(g.noise(at, 5.0, 3.0), (0.38, "ffffff"), (0.5, "c9c2b4"), (0.62, "8f8674"))
    colour = g.mix(0.55, g.colour, inside, "MULTIPLY")
    g.set(Base_Color=colour, Roughness=0.27, Specular_IOR_Level=0.6)
    fine = g.node("ShaderNodeTexNoise", Vector=at, Scale=7.0, Detail=6.0, Distortion=1.6)
    g.bump(fine.outputs["Fac"], 0.65, 0.06)
    g.translucent(colour, 0.16)


def film(g: Graph) -> None:
    """Crumpled wrapping film."""
    at = g.place("Object")
    colour = g.shade(g.colour, g.level(g.noise(at, 4.0), 0.4, 0.7, 0.0, 0.5), "9a917f")
    g.set(Base_Color=colour, Roughness=0.25)
    g.bump(g.noise(at, 9.0, 4.0), 0.4, 0.03)
    g.translucent(colour, 0.25)


def paper(g: Graph) -> None:
    """Paper, board with print, foam: printed in blots of a second colour."""
    at = g.place("Object")
    blot = g.level(g.noise(at, 6.0, 1.0), 0.6, 0.63, 0.0, 0.45)
    stained = g.shade(g.colour, g.level(g.noise(at, 3.0, 4.0), 0.45, 0.7, 0.0, 0.5), "a3957c")
    g.set(Base_Color=g.shade(stained, blot, "b06a55"), Roughness=0.8)


def cardboard(g: Graph) -> None:
    """Brown corrugated board with printed bars and damp patches."""
    at = g.place("Object")
    base = g.ramp(g.noise(at, 3.0, 4.0), (0.35, "8d6b44"), (0.65, "b8915f"))
    bars = g.node("ShaderNodeTexVoronoi", Vector=g.place("Object", (7.0, 7.0, 9.0)), Scale=1.0)
    bars.distance = "CHEBYCHEV"
    ink = g.level(bars.outputs["Distance"], 0.16, 0.2, 0.5, 0.0)
    colour = g.shade(base, ink, "4a3a30")
    g.set(
        Base_Color=g.mix(g.level(g.random(), 0.0, 1.0, 0.0, 0.3), colour, g.rgb("c9b08a")),
        Roughness=0.85,
    )
    lines = g.node("ShaderNodeTexWave", Vector=at, Scale=40.0)
    g.bump(lines.outputs["Fac"], 0.06, 0.003)


def trash(g: Graph) -> None:
    """Mixed rubbish between the pieces that are modelled: patches of many colours."""
    at = g.place("Object")
    bend = g.node("ShaderNodeTexNoise", Vector=at, Scale=6.0, Detail=3.0)
    moved = g.mix(0.12, at, bend.outputs["Color"], "ADD")
    cells = g.node("ShaderNodeTexVoronoi", Vector=moved, Scale=11.0)
    pick = g.node("ShaderNodeSeparateColor", Color=cells.outputs["Color"]).outputs[0]
    node = g.ramp(
        pick,
        (0.0, "d9d6cc"),
        (0.25, "8a7a5e"),
        (0.4, "2a2a2c"),
        (0.55, "e4e4e0"),
        (0.68, "a5402f"),
        (0.78, "6a7d46"),
        (0.88, "41689a"),
        (0.95, "c9b183"),
    )
    node.node.color_ramp.interpolation = "CONSTANT"
    g.set(Base_Color=g.shade(node, g.noise(at, 8.0, 5.0), "7a705f"), Roughness=0.6)
    g.bump(cells.outputs["Distance"], 0.8, 0.05)


def metal(g: Graph) -> None:
    """Galvanised or painted steel."""
    g.set(
        Base_Color=g.colour,
        Metallic=0.55,
        Roughness=g.level(g.noise(g.place("Object"), 8.0), 0.3, 0.7, 0.3, 0.6),
    )


def paint(g: Graph) -> None:
    """Vehicle paint under clear coat, dusty below."""
    dust = g.level(g.height("Object"), 0.2, 0.9, 0.45, 0.05)
    colour = g.mix(dust, g.colour, g.rgb("8a8174"))
    g.set(Base_Color=colour, Roughness=0.38, Coat_Weight=0.7, Coat_Roughness=0.08)


def rubber(g: Graph) -> None:
    """Tyres and cables."""
    g.set(Base_Color=g.rgb("1a1a1b"), Roughness=0.75)


def sign(g: Graph) -> None:
    """Sign boards: smooth, faded in patches."""
    colour = g.shade(
        g.colour, g.level(g.noise(g.place("Object"), 1.5, 4.0), 0.4, 0.75, 0.0, 0.35), "a59c90"
    )
    g.set(Base_Color=colour, Roughness=0.35)


def lamp(g: Graph) -> None:
    """Lamp glass."""
    g.set(Base_Color=g.colour, Roughness=0.12, Coat_Weight=0.8)


def cloth(g: Graph) -> None:
    """Woven cloth."""
    g.set(Base_Color=g.colour, Roughness=0.9)
    g.translucent(g.colour, 0.3)


def fabric(g: Graph) -> None:
    """Clothes: matt, with folds."""
    at = g.place("Object")
    folds = g.noise(g.place("Object", (6.0, 6.0, 2.5)), 1.0, 2.0)
    colour = g.shade(g.colour, g.level(folds, 0.4, 0.65, 0.0, 0.5), "8c8c90")
    g.set(Base_Color=colour, Roughness=0.9)
    g.bump(g.noise(at, 9.0, 1.0), 0.5, 0.03)


def skin(g: Graph) -> None:
    """Faces and hands at some metres."""
    g.set(Base_Color=g.colour, Roughness=0.55)


def hair(g: Graph) -> None:
    """Hair as one dark mass with strands."""
    strands = g.noise(g.place("Object", (40.0, 40.0, 6.0)), 1.0, 1.0)
    g.set(Base_Color=g.colour, Roughness=g.level(strands, 0.35, 0.65, 0.4, 0.75))
    g.bump(strands, 0.4, 0.01)


def leather(g: Graph) -> None:
    """Shoes."""
    g.set(Base_Color=g.colour, Roughness=0.5)


def tarpaulin(g: Graph) -> None:
    """Coated sheeting or dust net."""
    at = g.place("Object")
    g.set(
        Base_Color=g.shade(g.colour, g.level(g.noise(at, 2.0, 5.0), 0.4, 0.7, 0, 0.6), "9a917c"),
        Roughness=0.6,
    )
    g.bump(g.noise(at, 5.0, 5.0), 0.5, 0.05)


def wood(g: Graph) -> None:
    """Rough boards."""
    at = g.place("Object", (1.5, 14.0, 14.0))
    g.set(Base_Color=g.ramp(g.noise(at, 2.0, 5.0), (0.3, "5f4529"), (0.7, "94734a")), Roughness=0.8)


def fruit(g: Graph) -> None:
    """Apples, oranges, cabbages: a waxy ball."""
    g.set(Base_Color=g.colour, Roughness=0.35)


def text(g: Graph) -> None:
    """Painted or cut letters in their own colour."""
    g.set(Base_Color=g.colour, Roughness=0.5)


RECIPES: Recipes = {
    "plastic": plastic,
    "bag": bag,
    "film": film,
    "paper": paper,
    "cardboard": cardboard,
    "trash": trash,
    "metal": metal,
    "paint": paint,
    "rubber": rubber,
    "sign": sign,
    "lamp": lamp,
    "cloth": cloth,
    "fabric": fabric,
    "skin": skin,
    "hair": hair,
    "leather": leather,
    "tarpaulin": tarpaulin,
    "wood": wood,
    "fruit": fruit,
    "text": text,
}
