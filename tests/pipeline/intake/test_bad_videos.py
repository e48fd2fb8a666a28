"""Every kind of bad video gets its one line, shows what can be shown, and spares its neighbour."""

import itertools
from pathlib import Path

import pytest
from bad_videos import BAD_VIDEOS, BadVideo
from drawn_videos import Drawn, evenly, write_video

from zoubian.pipeline.intake.collect import collect
from zoubian.pipeline.intake.messages import Message
from zoubian.pipeline.intake.video_facts import VideoFacts, read_facts
from zoubian.pipeline.intake.video_file import open_video, picture_stream
from zoubian.pipeline.intake.video_frames import Clockwork, read_frames

MOST_MEGAPIXELS = 40


def shown_times(path: Path, facts: VideoFacts) -> list[float]:
    container = open_video(path)
    assert not isinstance(container, Message)
    with container:
        stream = picture_stream(container)
        assert stream is not None
        frames = read_frames(
            container,
            stream,
            start_s=0.0,
            end_s=1e9,
            skip="DEFAULT",
            threads=1,
            clockwork=Clockwork(facts.assumed_rate),
        )
        return [frame.offset_s for frame in frames]


@pytest.mark.parametrize("bad", BAD_VIDEOS, ids=lambda bad: bad.name)
def test_says_one_thing_and_spares_the_neighbour(bad: BadVideo, tmp_path: Path) -> None:
    bad.build(tmp_path)
    write_video(tmp_path / "good.mp4", Drawn(evenly(1.0)))
    found = collect([tmp_path])
    problems = [problem.code for problem in found.problems]
    notes = [note.code for note in found.notes]
    shown: list[float] = []
    for medium in found.media:
        facts = read_facts(medium.path, max_megapixels=MOST_MEGAPIXELS)
        if medium.path.name == "good.mp4":
            assert isinstance(facts, VideoFacts)
            assert (facts.notes, facts.problem) == ((), None)
            assert len(shown_times(medium.path, facts)) == 10
        elif isinstance(facts, Message):
            problems.append(facts.code)
        else:
            notes += [note.code for note in facts.notes]
            problems += [facts.problem.code] if facts.problem else []
            shown = shown_times(medium.path, facts)
    assert problems == ([bad.code] if bad.is_problem else [])
    assert notes == ([] if bad.is_problem else [bad.code])
    if bad.shown_s is None:
        assert not shown
    else:
        first_s, last_s = bad.shown_s
        assert shown[0] == pytest.approx(first_s, abs=0.6)
        assert shown[-1] >= last_s - 0.6
        assert all(a < b for a, b in itertools.pairwise(shown))


def test_frames_beyond_the_limit_are_refused_before_decoding(tmp_path: Path) -> None:
    path = tmp_path / "a.mp4"
    write_video(path, Drawn((0.0,), size_px=(640, 480)))
    answer = read_facts(path, max_megapixels=0)
    assert isinstance(answer, Message) and answer.code == "video_too_large"


@pytest.mark.parametrize("suffix", ["mp4", "avi", "mkv", "ts"])
def test_random_damage_never_raises(suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"a.{suffix}"
    write_video(path, Drawn(evenly(1.0), size_px=(64, 48)))
    whole = path.read_bytes()
    for at in range(0, len(whole), max(1, len(whole) // 40)):
        path.write_bytes(whole[:at] + b"\xff\x00\x7f\xff" + whole[at + 4 :])
        facts = read_facts(path, max_megapixels=MOST_MEGAPIXELS)
        assert isinstance(facts, Message | VideoFacts)
    for length in range(16, len(whole), max(1, len(whole) // 25)):
        path.write_bytes(whole[:length])
        facts = read_facts(path, max_megapixels=MOST_MEGAPIXELS)
        assert isinstance(facts, Message | VideoFacts)
