"""The bench of footage: one short run of the whole with the shipped model."""

from pathlib import Path

import pytest
from drawn_drive import Bin, draw_drive

from zoubian.models.registry.service import find_model
from zoubian.pipeline.jobs.footage_rules import bench_footage
from zoubian.pipeline.sightings.footage_bench import BenchRefusedError, FootageBench


def bench(path: Path) -> FootageBench:
    return bench_footage(
        find_model(None, None),
        path,
        runtime="auto",
        threads=1,
        speed_mps=8.0,
        footage_s=2.0,
        seconds=0.2,
        rounds=1,
    )


def test_tells_how_near_the_limit_a_video_is_looked_at(tmp_path: Path) -> None:
    draw_drive(tmp_path / "a.mp4", [Bin(20.0, 3.0)], seconds=3.0)
    found = bench(tmp_path / "a.mp4")
    assert (found.footage_s, found.frames_decoded) == (2.0, 20)
    assert 6 <= found.frames_looked_at <= 20
    assert found.limit in ("decode", "model")
    assert found.ratio == pytest.approx(found.pipeline_fps / found.raw_model_fps)
    assert 0 < found.of_limit < 2
    seconds = found.frames_looked_at / found.pipeline_fps
    assert found.footage_hours_per_core_hour == pytest.approx(found.footage_s / seconds, rel=0.01)


def test_says_why_a_file_cannot_be_measured(tmp_path: Path) -> None:
    (tmp_path / "a.mp4").write_text("no video")
    with pytest.raises(BenchRefusedError) as refused:
        bench(tmp_path / "a.mp4")
    assert "视频" in refused.value.message_zh
