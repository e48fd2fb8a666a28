"""Spoils a picture the way a patrol does: shaken, out of focus, too dark, too bright, covered."""

import cv2
import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]


def shaken(image: Picture, *, share: float, angle_deg: float) -> Picture:
    """Motion blur along a line of `share` of the long side."""
    length = max(3, round(share * max(image.shape[:2])))
    reach = np.array([np.cos(np.radians(angle_deg)), np.sin(np.radians(angle_deg))]) * length / 2
    kernel = np.zeros((length, length), np.float32)
    middle = (length - 1) / 2
    start, end = np.round(middle - reach).astype(int), np.round(middle + reach).astype(int)
    cv2.line(kernel, start.tolist(), end.tolist(), 1.0)
    return cv2.filter2D(image, -1, kernel / kernel.sum()).astype(np.uint8)


def defocused(image: Picture, *, share: float) -> Picture:
    """Blur by a disc with a radius of `share` of the long side."""
    radius = max(1, round(share * max(image.shape[:2])))
    size = (2 * radius + 1, 2 * radius + 1)
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, size).astype(np.float32)
    return cv2.filter2D(image, -1, disc / disc.sum()).astype(np.uint8)


def exposed(image: Picture, *, stops: float, seed: int) -> Picture:
    """More (positive) or less light by `stops`, with the sensor's noise."""
    light = (image / 255.0) ** 2.2 * 2.0**stops
    noise = np.random.default_rng(seed).normal(0, 1.5, image.shape)
    return (255 * light.clip(0, 1) ** (1 / 2.2) + noise).clip(0, 255).astype(np.uint8)


def covered(image: Picture, *, share: float, seed: int) -> Picture:
    """A finger over `share` of the width: skin, unevenly lit, with a soft edge."""
    height, width = image.shape[:2]
    mask = np.zeros((height, width, 1), np.float32)
    mask[:, : round(width * share)] = 1
    if share < 1:
        mask = cv2.GaussianBlur(mask, (0, 0), width * 0.03)[..., None]
    light = np.linspace(0.7, 1.2, height)[:, None, None]
    noise = np.random.default_rng(seed).normal(0, 2, image.shape)
    skin = np.array([90, 110, 190]) * light + noise
    return (image * (1 - mask) + skin * mask).clip(0, 255).astype(np.uint8)
