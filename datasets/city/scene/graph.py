"""A material's node tree with the few verbs that recipes need."""

from collections.abc import Callable
from typing import Any

from zoubian.datasets.city.scene.blender import Node, Socket, linear_rgb


class Graph:
    """A material's node tree with the few verbs the recipes below need."""

    def __init__(self, material: Any, colour: str) -> None:
        material.use_nodes = True
        self.tree = material.node_tree
        self.shader = self.tree.nodes["Principled BSDF"]
        self.colour = self.own_colour() if not colour else self.rgb(colour)

    def node(self, kind: str, **inputs: Any) -> Node:
        """Adds a node; inputs are values or sockets, `_` stands for a blank in the input's name."""
        node = self.tree.nodes.new(kind)
        for name, value in inputs.items():
            self.feed(node.inputs[name.replace("_", " ")], value)
        return node

    def feed(self, socket: Socket, value: Any) -> None:
        """Links a socket, or sets its value."""
        if hasattr(value, "is_output"):
            self.tree.links.new(value, socket)
        else:
            socket.default_value = value

    def set(self, **inputs: Any) -> None:
        """Feeds the surface shader."""
        for name, value in inputs.items():
            self.feed(self.shader.inputs[name.replace("_", " ")], value)

    def rgb(self, colour: str) -> Socket:
        """A colour from `rrggbb`."""
        node = self.tree.nodes.new("ShaderNodeRGB")
        node.outputs[0].default_value = (*linear_rgb(colour), 1.0)
        return node.outputs[0]

    def own_colour(self) -> Socket:
        """The colour of the piece that wears the material."""
        return self.tree.nodes.new("ShaderNodeObjectInfo").outputs["Color"]

    def random(self) -> Socket:
        """A number of its own for each piece, 0 to 1."""
        return self.tree.nodes.new("ShaderNodeObjectInfo").outputs["Random"]

    def place(self, space: str, scale: tuple[float, float, float] = (1.0, 1.0, 1.0)) -> Socket:
        """Texture coordinates in metres: "Object" or "World"."""
        if space == "World":
            source = self.tree.nodes.new("ShaderNodeNewGeometry").outputs["Position"]
        else:
            source = self.tree.nodes.new("ShaderNodeTexCoord").outputs[space]
        return self.node("ShaderNodeMapping", Vector=source, Scale=scale).outputs[0]

    def noise(self, at: Socket, scale: float, detail: float = 3.0, rough: float = 0.6) -> Socket:
        """Fractal noise, about 0.3 to 0.7 around a mean of 0.5."""
        node = self.node(
            "ShaderNodeTexNoise", Vector=at, Scale=scale, Detail=detail, Roughness=rough
        )
        return node.outputs["Fac"]

    def ramp(self, value: Socket, *stops: tuple[float, str]) -> Socket:
        """A colour ramp through (position, rrggbb)."""
        node = self.node("ShaderNodeValToRGB", Fac=value)
        elements = node.color_ramp.elements
        while len(elements) < len(stops):
            elements.new(0.5)
        for element, (position, colour) in zip(elements, stops, strict=True):
            element.position, element.color = position, (*linear_rgb(colour), 1.0)
        return node.outputs[0]

    def level(
        self, value: Socket, low: float, high: float, to_low: float, to_high: float
    ) -> Socket:
        """A number clamped from one range to another."""
        node = self.node("ShaderNodeMapRange", Value=value)
        for name, number in zip(
            ("From Min", "From Max", "To Min", "To Max"), (low, high, to_low, to_high), strict=True
        ):
            node.inputs[name].default_value = number
        return node.outputs[0]

    def mix(self, factor: Socket | float, a: Socket, b: Socket, blend: str = "MIX") -> Socket:
        """Two colours mixed; the factor is the share of the second."""
        node = self.tree.nodes.new("ShaderNodeMix")
        node.data_type, node.blend_type = "RGBA", blend
        for socket, value in ((node.inputs[0], factor), (node.inputs[6], a), (node.inputs[7], b)):
            self.feed(socket, value)
        return node.outputs[2]

    def product(self, a: Socket, b: Socket) -> Socket:
        """Two numbers multiplied."""
        node = self.tree.nodes.new("ShaderNodeMath")
        node.operation = "MULTIPLY"
        self.feed(node.inputs[0], a)
        self.feed(node.inputs[1], b)
        return node.outputs[0]

    def bump(self, height: Socket, strength: float, distance: float) -> None:
        """Roughens the surface by a height; several calls add up."""
        node = self.node("ShaderNodeBump", Height=height, Strength=strength, Distance=distance)
        previous = self.shader.inputs["Normal"].links
        if previous:
            self.feed(node.inputs["Normal"], previous[0].from_socket)
        self.feed(self.shader.inputs["Normal"], node.outputs[0])

    def shade(self, colour: Socket, factor: Socket | float, by: str) -> Socket:
        """The colour multiplied by another where the factor is 1."""
        return self.mix(factor, colour, self.rgb(by), "MULTIPLY")

    def translucent(self, colour: Socket, share: float) -> None:
        """Lets light through from behind: leaves and thin film."""
        through = self.node("ShaderNodeBsdfTranslucent", Color=colour)
        mixed = self.node("ShaderNodeMixShader", Fac=share)
        self.tree.links.new(self.shader.outputs[0], mixed.inputs[1])
        self.tree.links.new(through.outputs[0], mixed.inputs[2])
        out = self.tree.nodes["Material Output"].inputs["Surface"]
        self.tree.links.new(mixed.outputs[0], out)

    def height(self, space: str) -> Socket:
        """The z coordinate, metres."""
        return self.node("ShaderNodeSeparateXYZ", Vector=self.place(space)).outputs[2]


Recipes = dict[str, Callable[[Graph], None]]
