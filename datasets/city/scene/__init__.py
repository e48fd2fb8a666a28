"""The half of the rendered city that talks to Blender; run it with the render environment."""
