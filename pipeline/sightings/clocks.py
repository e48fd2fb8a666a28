"""The cameras' clock held against the tracks': turns and stops that both show."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from zoubian.pipeline.domain.problems import Note
from zoubian.pipeline.footage.clock_offset import Beat, OffsetLimits, clock_offset
from zoubian.pipeline.intake.layout import LaidClip
from zoubian.pipeline.intake.messages import message
from zoubian.pipeline.intake.track import Track
from zoubian.pipeline.sightings.ways import Ways

_LEAST_S = 0.2  # less is not worth a note; the poses' errors allow for it


@dataclass(frozen=True, slots=True, eq=False)
class SetClocks:
    """The clips with their tracks on the cameras' clock as it was found, and what to tell."""

    clips: tuple[LaidClip, ...]
    notes: tuple[Note, ...]


def set_clocks(
    ways: Ways, beats: Mapping[str, Sequence[Beat]], *, limits: OffsetLimits
) -> SetClocks:
    """Move each track that lies beside clips to where it fits their turns and stops.

    Tracks that do not tell stay; a camera's own positions share its clock.

    Args:
        beats: by clip, times since its first frame.
    """
    moved: dict[str, Track] = {}
    notes: list[Note] = []
    by_track: dict[str, list[LaidClip]] = {}
    for clip in ways.clips.values():
        if clip.track_path is not None:
            by_track.setdefault(clip.track_path, []).append(clip)
    for path, clips in sorted(by_track.items()):
        way, track = ways.way(clips[0].id), clips[0].track
        seen = [
            replace(beat, time_s=beat.time_s + clip.clock_s)
            for clip in clips
            for beat in beats.get(clip.id, ())
        ]
        if way is None or track is None:
            continue
        found = clock_offset(sorted(seen, key=lambda b: b.time_s), way, limits=limits)
        if found is None or abs(found.seconds) < max(_LEAST_S, 2 * found.sd_s):
            continue
        moved[path] = replace(track, times_s=track.times_s - found.seconds)
        said = "clock_ahead" if found.seconds < 0 else "clock_behind"
        notes.append(message(said, seconds=f"{abs(found.seconds):.1f}").note(path))
    clips_now = tuple(
        replace(clip, track=moved[clip.track_path])
        if clip.track_path is not None and clip.track_path in moved
        else clip
        for clip in ways.clips.values()
    )
    return SetClocks(clips_now, tuple(notes))
