"""Boxes in a picture: x1, y1, x2, y2 in px."""

Box = tuple[float, float, float, float]


def area(box: Box) -> float:
    """Area in px², 0 for a box that is turned inside out."""
    return max(box[2] - box[0], 0.0) * max(box[3] - box[1], 0.0)


def iou(a: Box, b: Box) -> float:
    """Shared area over the area of both, 0 to 1.

    >>> iou((0, 0, 10, 10), (0, 5, 10, 15))
    0.3333333333333333
    """
    shared = area((max(a[0], b[0]), max(a[1], b[1]), min(a[2], b[2]), min(a[3], b[3])))
    both = area(a) + area(b) - shared
    return shared / both if both > 0.0 else 0.0


def touching(a: Box, b: Box) -> bool:
    """Whether two boxes share any area."""
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]
