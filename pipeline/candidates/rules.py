"""From the objects seen in frames to spots with a problem: pure, and blind to input order."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from statistics import median

from zoubian.pipeline.domain.boxes import iou
from zoubian.pipeline.domain.classes import ClassRule
from zoubian.pipeline.domain.geo import Position, distance_m
from zoubian.pipeline.domain.grouping import group_near

_NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class SpotLimits:
    """Distances that decide what is one spot.

    Attributes:
        near_m: camera positions nearer than this show one spot.
        spot_extent_m: greatest distance between two camera positions of one spot.
        stretch_gap_m: spots of scattered things nearer than this are one stretch.
        stretch_extent_m: greatest length of a stretch.
        error_share: see `group_near`.
        trusted_error_m: positions worse than this join nothing: they are shown, but a cell tower's
            fix that ten photos share does not make one spot of them.
        same_object_iou: a harmless box that overlaps a problem's box of its group by more than this
            is the same object seen as both, and counts as the problem only.
        object_range_m: how far from the camera the object may be, as long as nobody measured it.
    """

    near_m: float
    spot_extent_m: float
    stretch_gap_m: float
    stretch_extent_m: float
    error_share: float
    trusted_error_m: float
    same_object_iou: float
    object_range_m: float


@dataclass(frozen=True, slots=True)
class SeenObject:
    """One box: x1, y1, x2, y2 in px of the upright original."""

    visual_class: str
    score: float
    box_xyxy_px: tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class SeenFrame:
    """One frame as the rules need it; `order` (path, number) sorts frames of equal time."""

    id: str
    order: str
    taken_at: datetime | None
    position: Position | None
    assessable: bool
    width_px: int
    height_px: int
    sharpness: float
    objects: tuple[SeenObject, ...]


@dataclass(frozen=True, slots=True)
class SpotDraft:
    """One spot with one problem: what will be a candidate.

    Attributes:
        frames: by time; each holds only the objects that belong to this spot.
        members: how many objects of each visual class, in the order of the classes' ranks.
        confidence: median over the frames that show `visual_class` of its best score there.
        position: mean of the camera positions, weighted by 1 / error², None if there are none; its
            `error_m` is the radius that holds the objects (see `_place_of`).
        first_seen_at: earliest time of a frame, None if no frame has one.
    """

    group: str
    frames: tuple[SeenFrame, ...]
    members: Mapping[str, int]
    visual_class: str
    confidence: float
    position: Position | None
    first_seen_at: datetime | None


def form_spots(
    frames: Iterable[SeenFrame], rules: Mapping[str, ClassRule], *, limits: SpotLimits
) -> tuple[SpotDraft, ...]:
    """Group what the frames show into spots with a problem.

    1. Objects of one spot group in one frame are one spot, whatever their distance in the picture.
    2. Such frames join where their camera positions are near (`group_near`). A frame without a
       trusted position stays alone, even when the next one was taken a second later: stored frames
       name no camera, two groups may load their photos into one patrol, and a vehicle drives 15 m
       in that second. A person merges two proposals faster than he finds a hidden one.
    3. Only frames that show a problem take part. Closed bins in them are members; a frame with
       closed bins only says nothing about the spot next to it.
    4. Members are counted by class as the most that one frame shows: the same three bins in two
       photos are three.
    5. Spots that show nothing but scattered things (litter) join along the street into stretches;
       there the counts add up, because the next ten metres show other pieces.
    6. A frame that is not assessable gives nothing, and is never taken for clean either.

    Args:
        rules: by class name; objects of other classes are left out.

    Returns:
        Spots by the time they were first seen, then by path.
    """
    shown: dict[str, list[SeenFrame]] = {}
    for frame in sorted(frames, key=_time_order):
        if frame.assessable:
            for group, part in _groups_in(frame, rules, limits.same_object_iou).items():
                shown.setdefault(group, []).append(part)
    drafts = []
    for group, parts in shown.items():
        places = [part.position for part in parts]
        found = [
            _draft(group, [[parts[index] for index in spot]], rules, limits)
            for spot in _join(places, limits.near_m, limits.spot_extent_m, limits)
        ]
        drafts += _with_stretches(group, found, rules, limits)
    return tuple(sorted(drafts, key=lambda draft: (*_time_order(draft.frames[0]), draft.group)))


def _time_order(frame: SeenFrame) -> tuple[datetime, str, str]:
    return frame.taken_at or _NEVER, frame.order, frame.id


def _groups_in(
    frame: SeenFrame, rules: Mapping[str, ClassRule], same_object_iou: float
) -> dict[str, SeenFrame]:
    """The frame once for each spot group with a problem in it, holding that group's objects."""
    kept: dict[str, list[SeenObject]] = {}
    for seen in sorted(frame.objects, key=_object_order):
        rule = rules.get(seen.visual_class)
        if rule is not None and seen.score >= rule.threshold:
            kept.setdefault(rule.spot_group, []).append(seen)
    parts: dict[str, SeenFrame] = {}
    for group, objects in sorted(kept.items()):
        problems = [seen for seen in objects if rules[seen.visual_class].problem]
        if problems:
            distinct = [
                seen
                for seen in objects
                if rules[seen.visual_class].problem
                or all(
                    iou(seen.box_xyxy_px, other.box_xyxy_px) <= same_object_iou
                    for other in problems
                )
            ]
            parts[group] = replace(frame, objects=tuple(distinct))
    return parts


def _object_order(seen: SeenObject) -> tuple[float, str, tuple[float, float, float, float]]:
    return -seen.score, seen.visual_class, seen.box_xyxy_px


def _join(
    places: Sequence[Position | None], near_m: float, extent_m: float, limits: SpotLimits
) -> list[list[int]]:
    """Groups of indices of `places`; one without a trusted position is a group of its own."""
    placed = [
        (index, place)
        for index, place in enumerate(places)
        if place is not None and place.error_m <= limits.trusted_error_m
    ]
    near = group_near(
        [place for _, place in placed],
        near_m=near_m,
        max_extent_m=extent_m,
        error_share=limits.error_share,
    )
    alone = set(range(len(places))) - {index for index, _ in placed}
    return [[placed[at][0] for at in group] for group in near] + [
        [index] for index in sorted(alone)
    ]


def _with_stretches(
    group: str, spots: list[SpotDraft], rules: Mapping[str, ClassRule], limits: SpotLimits
) -> list[SpotDraft]:
    """The same spots, those of scattered things only joined along the street."""
    scattered: list[SpotDraft] = []
    compact: list[SpotDraft] = []
    for spot in spots:
        only_scattered = all(rules[n].stretch for n in spot.members if rules[n].problem)
        (scattered if only_scattered else compact).append(spot)
    cameras = [_mean_position(spot.frames) for spot in scattered]
    stretches = _join(cameras, limits.stretch_gap_m, limits.stretch_extent_m, limits)
    return compact + [
        _draft(group, [scattered[index].frames for index in stretch], rules, limits)
        for stretch in stretches
    ]


def _draft(
    group: str,
    parts: Sequence[Sequence[SeenFrame]],
    rules: Mapping[str, ClassRule],
    limits: SpotLimits,
) -> SpotDraft:
    """One draft of a spot (one part), or of a stretch (several): see `form_spots` 4 and 5."""
    frames = sorted((frame for part in parts for frame in part), key=_time_order)
    counts: Counter[str] = Counter()
    for part in parts:
        most: Counter[str] = Counter()
        for frame in part:
            most |= Counter(seen.visual_class for seen in frame.objects)
        counts += most
    names = sorted(counts, key=lambda name: (rules[name].rank, name))
    problems = [name for name in names if rules[name].problem]
    naming = min(problems, key=lambda name: not rules[name].proven)
    best = [
        max(scores)
        for frame in frames
        if (scores := [seen.score for seen in frame.objects if seen.visual_class == naming])
    ]
    return SpotDraft(
        group=group,
        frames=tuple(frames),
        members={name: counts[name] for name in names},
        visual_class=naming,
        confidence=median(best),
        position=_place_of(parts, limits.object_range_m),
        first_seen_at=frames[0].taken_at,
    )


def _place_of(parts: Sequence[Sequence[SeenFrame]], object_range_m: float) -> Position | None:
    """The place of the object with the radius that holds it.

    Every camera stood within its own error of where it says, and the object within
    `object_range_m` of every camera of a spot. The weighted mean of the cameras is then no farther
    from the object than the range plus the weighted mean of the errors (triangle inequality);
    errors of one receiver do not average out, so more frames do not shrink the radius. For a
    stretch the radius reaches around the circles of all its parts.
    """
    circles = [
        Position(mean.lat, mean.lon, mean.error_m + object_range_m)
        for part in parts
        if (mean := _mean_position(part)) is not None
    ]
    if not circles:
        return None
    lat = sum(circle.lat for circle in circles) / len(circles)
    lon = sum(circle.lon for circle in circles) / len(circles)
    centre = Position(lat, lon, 0.0)
    return replace(centre, error_m=max(distance_m(centre, c) + c.error_m for c in circles))


def _mean_position(frames: Sequence[SeenFrame]) -> Position | None:
    """Mean camera position, weighted by 1 / error² (errors below 1 m count as 1 m)."""
    placed = [frame.position for frame in frames if frame.position is not None]
    if not placed:
        return None
    weights = [1.0 / max(place.error_m, 1.0) ** 2 for place in placed]
    total = sum(weights)

    def mean(values: list[float]) -> float:
        return sum(w * v for w, v in zip(weights, values, strict=True)) / total

    return Position(
        mean([place.lat for place in placed]),
        mean([place.lon for place in placed]),
        mean([place.error_m for place in placed]),
    )
