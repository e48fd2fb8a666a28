"""Light and weather as data; `scene/lights.py` turns them into lamps and sky."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Light:
    """One light situation.

    Attributes:
        name: Written into the truth.
        sun_elevation_deg: Height of the sun.
        sun_azimuth_deg: Turn of the sun about the vertical, in street coordinates; at 0 the light
            falls towards +y.
        sun_strength: W/m2; 0 for none.
        sun_size_deg: Apparent width; wide makes soft shadows (thin cloud).
        sun_colour: `rrggbb`.
        sky_strength: Factor on the sky.
        haze: Dust density of the sky model.
        clouds: 0 clear to 1 closed.
        cloud_colour: `rrggbb`, times `cloud_brightness`.
        cloud_brightness: In the sky model's units.
        exposure: Stops.
        lamp_watts: Of each street lamp; 0 off.
        fog_m: Distance at which two thirds of the light are fog; 0 for clear air.
    """

    name: str
    sun_elevation_deg: float
    sun_azimuth_deg: float
    sun_strength: float
    sun_size_deg: float
    sun_colour: str
    sky_strength: float
    haze: float
    clouds: float
    cloud_colour: str
    cloud_brightness: float
    exposure: float
    lamp_watts: float
    fog_m: float


MORNING = Light("morning", 47, 14, 3.6, 1.0, "fff0dc", 0.30, 2.0, 0.4, "ffffff", 8.0, 0.55, 0, 0)
NOON = Light("noon", 58, -25, 4.2, 0.8, "fff6e8", 0.30, 1.5, 0.3, "ffffff", 9.0, 0.4, 0, 0)
OVERCAST = Light("overcast", 45, 20, 0.6, 25, "f2f4f6", 0.24, 4.0, 1.0, "e9edf2", 7.5, 0.9, 0, 0)
DUSK = Light("dusk", 7, 62, 1.8, 2.5, "ffb070", 0.22, 4.0, 0.5, "e2b59a", 3.0, 1.9, 60, 0)
FOG = Light("fog", 40, 20, 0.2, 40, "eef1f3", 0.26, 8.0, 1.0, "e6e9ec", 7.5, 0.7, 0, 28)
NIGHT = Light("night", -8, 0, 0, 1, "ffffff", 0.0025, 1.0, 0.6, "8090b0", 1.0, 2.3, 900, 0)
UNLIT = Light("unlit", -8, 0, 0, 1, "ffffff", 0.002, 1.0, 0.6, "8090b0", 1.0, 1.2, 60, 0)
LIGHTS = {light.name: light for light in (MORNING, NOON, OVERCAST, DUSK, FOG, NIGHT, UNLIT)}
