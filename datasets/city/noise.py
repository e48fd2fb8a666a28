"""Smooth value noise in three dimensions: wrinkles of bags, lumps of soil, sagging cloth."""

import math


def _lattice(x: int, y: int, z: int, seed: int) -> float:
    """A hashed value in [-1, 1) at an integer point."""
    h = (x * 374761393 + y * 668265263 + z * 2147483647 + seed * 974634371) & 0xFFFFFFFF
    h = ((h ^ (h >> 13)) * 1274126177) & 0xFFFFFFFF
    return ((h ^ (h >> 16)) & 0xFFFF) / 32768.0 - 1.0


def value_noise(x: float, y: float, z: float, seed: int) -> float:
    """Noise in [-1, 1], continuous, with features about one unit wide."""
    ix, iy, iz = math.floor(x), math.floor(y), math.floor(z)
    fx, fy, fz = x - ix, y - iy, z - iz
    ux, uy, uz = (f * f * (3.0 - 2.0 * f) for f in (fx, fy, fz))
    total = 0.0
    for dx, wx in ((0, 1.0 - ux), (1, ux)):
        for dy, wy in ((0, 1.0 - uy), (1, uy)):
            for dz, wz in ((0, 1.0 - uz), (1, uz)):
                total += wx * wy * wz * _lattice(ix + dx, iy + dy, iz + dz, seed)
    return total


def fractal_noise(x: float, y: float, z: float, seed: int, octaves: int) -> float:
    """A sum of octaves of value noise, each twice as fine and half as strong, in about [-1, 1]."""
    total, amplitude, frequency = 0.0, 0.5, 1.0
    for octave in range(octaves):
        point = (x * frequency, y * frequency, z * frequency)
        total += amplitude * value_noise(*point, seed + octave)
        amplitude, frequency = amplitude / 2.0, frequency * 2.0
    return total


def ridged_noise(x: float, y: float, z: float, seed: int, octaves: int) -> float:
    """Noise with sharp crests in about [0, 1]: the creases of a crumpled film."""
    total, amplitude, frequency = 0.0, 0.5, 1.0
    for octave in range(octaves):
        point = (x * frequency, y * frequency, z * frequency)
        total += amplitude * (1.0 - abs(value_noise(*point, seed + octave)))
        amplitude, frequency = amplitude / 2.0, frequency * 2.0
    return total
