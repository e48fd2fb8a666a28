"""Frames of a video: which come, when, how large, which way up."""

from pathlib import Path

import numpy as np
import pytest
from drawn_videos import HEIGHT_PX, WIDTH_PX, Drawn, evenly, street_at, write_frames, write_video

from zoubian.pipeline.intake.messages import Message
from zoubian.pipeline.intake.video_facts import VideoFacts, read_facts
from zoubian.pipeline.intake.video_file import open_video, picture_stream
from zoubian.pipeline.intake.video_frames import Clockwork, DecodedFrame, Skip, read_frames


def frames_of(
    path: Path, start_s: float = 0.0, end_s: float = 1e9, skip: Skip = "DEFAULT"
) -> list[DecodedFrame]:
    container = open_video(path)
    assert not isinstance(container, Message)
    with container:
        stream = picture_stream(container)
        assert stream is not None
        return list(
            read_frames(
                container,
                stream,
                start_s=start_s,
                end_s=end_s,
                skip=skip,
                threads=1,
                clockwork=Clockwork(None),
            )
        )


def facts_of(path: Path) -> VideoFacts:
    facts = read_facts(path, max_megapixels=40)
    assert isinstance(facts, VideoFacts), facts
    return facts


@pytest.mark.parametrize(
    ("suffix", "codec"),
    [
        ("mp4", "libx264"),
        ("mov", "libx264"),
        ("mkv", "libx264"),
        ("ts", "libx264"),
        ("mp4", "libx265"),
        ("ts", "libx265"),
        ("avi", "mpeg4"),
        ("mkv", "mpeg4"),
    ],
)
def test_any_stretch_of_any_container_has_the_frames_of_the_whole(
    suffix: str, codec: str, tmp_path: Path
) -> None:
    path = tmp_path / f"a.{suffix}"
    write_video(path, Drawn(evenly(5.0), codec=codec, key_every=12))
    facts = facts_of(path)
    assert (facts.notes, facts.problem) == ((), None)
    assert facts.duration_s == pytest.approx(5.0, abs=0.11)
    whole = [frame.offset_s for frame in frames_of(path)]
    assert whole == pytest.approx(evenly(5.0), abs=0.06)
    for start_s, end_s in ((0.0, 1.75), (1.75, 3.0), (3.0, 3.05), (4.9, 9.0)):
        part = [frame.offset_s for frame in frames_of(path, start_s, end_s)]
        assert part == [offset_s for offset_s in whole if start_s <= offset_s < end_s]


def test_real_times_are_kept_where_the_rate_varies(tmp_path: Path) -> None:
    times_s = (0.0, 0.1, 0.2, 1.2, 1.25, 1.3, 4.0, 4.5)
    write_video(tmp_path / "a.mp4", Drawn(times_s))
    assert [f.offset_s for f in frames_of(tmp_path / "a.mp4")] == pytest.approx(times_s, abs=2e-3)


@pytest.mark.parametrize("turned_deg", [0, 90, 180, -90])
def test_pictures_are_upright(turned_deg: int, tmp_path: Path) -> None:
    lying = np.rot90(street_at(0.0), -turned_deg // 90)
    height, width = lying.shape[:2]
    path = tmp_path / "a.mp4"
    drawn = Drawn((0.0, 0.1), size_px=(width, height), turned_deg=turned_deg)
    write_frames(path, drawn, [(moment_s, np.ascontiguousarray(lying)) for moment_s in (0.0, 0.1)])
    frame = frames_of(path)[0]
    facts = facts_of(path)
    assert frame.size_px == (facts.width_px, facts.height_px) == (WIDTH_PX, HEIGHT_PX)
    shown = frame.pixels(WIDTH_PX)[:, :, ::-1].astype(int)
    assert np.abs(shown - street_at(0.0)).mean() < 25


def test_pictures_are_as_small_as_wanted_and_never_larger_than_they_are(tmp_path: Path) -> None:
    write_video(tmp_path / "a.mp4", Drawn((0.0,)))
    frame = frames_of(tmp_path / "a.mp4")[0]
    assert frame.pixels(96).shape == (54, 96, 3)
    assert frame.pixels(4000).shape == (HEIGHT_PX, WIDTH_PX, 3)


def test_a_smeared_picture_is_less_sharp_than_its_neighbour(tmp_path: Path) -> None:
    sharp = street_at(0.0)
    smeared = np.mean([np.roll(sharp, n, axis=1) for n in range(9)], axis=0).astype(np.uint8)
    path = tmp_path / "a.mp4"
    write_frames(path, Drawn((0.0, 0.1)), [(0.0, sharp), (0.1, smeared)])
    one, other = (frame.sharpness() for frame in frames_of(path))
    assert other < 0.7 * one


def test_thumbnails_tell_moving_from_standing(tmp_path: Path) -> None:
    write_video(tmp_path / "a.mp4", Drawn((0.0, 2.0)))
    write_frames(tmp_path / "b.mp4", Drawn((0.0, 2.0)), [(t, street_at(0.0)) for t in (0.0, 2.0)])

    def difference(path: Path) -> float:
        one, other = (frame.thumbnail().astype(int) for frame in frames_of(path))
        return float(np.abs(one - other).mean())

    assert difference(tmp_path / "b.mp4") < 2 < 10 < difference(tmp_path / "a.mp4")


def test_frames_that_no_other_builds_on_can_be_left_out(tmp_path: Path) -> None:
    drawn = Drawn(evenly(3.0), codec="mpeg4", key_every=12)
    write_video(tmp_path / "a.avi", drawn)
    assert len(frames_of(tmp_path / "a.avi", skip="NONKEY")) == 3


def test_a_path_is_never_taken_for_an_address(tmp_path: Path) -> None:
    path = tmp_path / "concat:a|b%d.mp4"
    write_video(tmp_path / "a.mp4", Drawn((0.0, 0.1)))
    (tmp_path / "a.mp4").rename(path)
    assert len(frames_of(path)) == 2
