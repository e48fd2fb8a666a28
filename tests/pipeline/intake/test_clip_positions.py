"""Positions that clips carry: GoPro's packets, dash cameras' boxes, DJI's subtitles."""

import functools
import io
import operator
import struct
from datetime import datetime
from pathlib import Path

import pytest
from drawn_videos import Drawn, evenly, gpmf_packet, with_novatek_blocks, write_video

from zoubian.pipeline.intake.clip_fixes import ClipFix, clip_track
from zoubian.pipeline.intake.dashcam_gps import blackvue_fixes
from zoubian.pipeline.intake.dji_srt import dji_fixes, is_position_srt
from zoubian.pipeline.intake.gpmf import camera_name, gpmf_fixes, is_gpmf, read_items
from zoubian.pipeline.intake.track import TrackRules
from zoubian.pipeline.intake.video_facts import VideoFacts, read_facts

HERE = [(43.88, 125.32), (43.8801, 125.3201)]


def item(key: bytes, kind: str, size: int, rows: list[bytes]) -> bytes:
    data = b"".join(rows)
    return struct.pack(">4sBBH", key, ord(kind), size, len(rows)) + data + b"\0" * (-len(data) % 4)


def device(*items: bytes) -> bytes:
    stream = b"".join(items)
    inner = struct.pack(">4sBBH", b"STRM", 0, 1, len(stream)) + stream
    return struct.pack(">4sBBH", b"DEVC", 0, 1, len(inner)) + inner


def test_gps5_spreads_a_packet_over_its_second_and_times_its_first_fix() -> None:
    packet = gpmf_packet(HERE, clock="240506070809.500")
    assert is_gpmf(packet) and camera_name(packet) == "Camera"
    assert gpmf_fixes(packet, start_s=3.0, end_s=4.0) == [
        ClipFix(3.0, 43.88, 125.32, 1.2, datetime(2024, 5, 6, 7, 8, 9, 500_000)),
        ClipFix(3.5, 43.8801, 125.3201, 1.2, None),
    ]


@pytest.mark.parametrize("fix", [0, 1])
def test_gps5_without_a_fix_says_nothing(fix: int) -> None:
    packet = gpmf_packet(HERE, clock="240506070809.500", fix=fix)
    assert gpmf_fixes(packet, start_s=0.0, end_s=1.0) == []


def test_gps9_says_time_dop_and_fix_for_each_sample() -> None:
    layout = "lllllllSS"
    rows = [
        struct.pack(">7i2H", 438_800_000, 1_253_200_000, 0, 0, 0, 8892, 25_689_500, 150, 3),
        struct.pack(">7i2H", 438_800_000, 1_253_200_000, 0, 0, 0, 8892, 25_690_000, 9999, 0),
    ]
    scales = [10**7, 10**7, 1000, 1000, 100, 1, 1000, 100, 1]
    packet = device(
        item(b"TYPE", "c", 1, [layout.encode()[i : i + 1] for i in range(9)]),
        item(b"SCAL", "l", 4, [struct.pack(">i", scale) for scale in scales]),
        item(b"GPS9", "?", 32, rows),
    )
    moment = datetime(2024, 5, 6, 7, 8, 9, 500_000)
    assert gpmf_fixes(packet, start_s=0.0, end_s=1.0) == [ClipFix(0.0, 43.88, 125.32, 1.5, moment)]


def test_gpmf_that_is_cut_or_damaged_gives_what_came_before() -> None:
    packet = gpmf_packet(HERE, clock="240506070809.500")
    for length in range(0, len(packet)):
        gpmf_fixes(packet[:length], start_s=0.0, end_s=1.0)
        damaged = packet[:length] + b"\xff" + packet[length + 1 :]
        gpmf_fixes(damaged, start_s=0.0, end_s=1.0)
        read_items(damaged)


@pytest.mark.parametrize("header", [16, 48])
def test_novatek_blocks_are_a_fix_a_second(header: int, tmp_path: Path) -> None:
    stream = io.BytesIO()
    write_video(stream, Drawn(evenly(3.0), container="mp4"))
    rows = [(43.88, 125.32), (43.8801, 125.32), (43.8802, 125.32)]
    path = tmp_path / "a.mp4"
    path.write_bytes(with_novatek_blocks(stream.getvalue(), rows, header=header))
    facts = read_facts(path, max_megapixels=40)
    assert isinstance(facts, VideoFacts)
    assert facts.source == "novatek" and (facts.notes, facts.problem) == ((), None)
    assert [fix.offset_s for fix in facts.fixes] == [0.0, 1.0, 2.0]
    for fix, (lat, lon) in zip(facts.fixes, rows, strict=True):
        assert (fix.lat, fix.lon) == pytest.approx((lat, lon), abs=5e-6)
    assert facts.fixes[1].when == datetime(2024, 5, 6, 7, 8, 1)


def checksum(sentence: str) -> str:
    return f"{functools.reduce(operator.xor, sentence.encode()):02X}"


def test_blackvue_lines_keep_the_time_of_their_stamp_and_need_their_checksum() -> None:
    rmc = "GPRMC,070809.00,A,4352.8000,N,12519.2000,E,10.0,90.0,060524,,,A"
    gga = "GPGGA,070811.50,4352.8000,N,12519.2000,E,1,08,0.9,200.0,M,,M,,"
    lines = (
        f"[1714979289000]${rmc}*{checksum(rmc)}[1714979289100]\n"
        f"[1714979290000]${rmc}*00\n"
        f"[1714979291500]${gga}*{checksum(gga)}\n"
    ).encode()
    box = struct.pack(">I4s", 8 + len(lines), b"gps ") + lines
    data = struct.pack(">I4s", 8 + len(box), b"free") + box
    fixes = blackvue_fixes(io.BytesIO(data), size_bytes=len(data))
    assert [(fix.offset_s, fix.when is None) for fix in fixes] == [(0.0, False), (2.5, True)]
    assert (fixes[0].lat, fixes[0].lon) == pytest.approx((43.88, 125.32))


@pytest.mark.parametrize(
    "said",
    [
        "GPS(125.3200,43.8800,19) BAROMETER:91.2",
        "F/2.8, SS 200, ISO 100, GPS (125.3200, 43.8800, 26), D 4.1m",
        '<font size="36">FrameCnt : 1\n[iso : 100] [latitude : 43.8800] [longtitude : 125.3200]',
        "[latitude: 43.8800] [longitude: 125.3200] [rel_alt: 1.300 abs_alt: 132.860]",
    ],
)
def test_dji_subtitles_of_every_style(said: str) -> None:
    text = f"1\n00:00:01,500 --> 00:00:01,533\n2024-05-06 15:08:09.123\n{said}\n\n2\n"
    text += "00:00:02,000 --> 00:00:02,033\nno place here\n"
    assert is_position_srt(text)
    assert dji_fixes(text) == [ClipFix(1.5, 43.88, 125.32, None, datetime(2024, 5, 6, 15, 8, 9))]


def test_subtitles_of_a_film_are_no_track() -> None:
    assert not is_position_srt("1\n00:00:01,500 --> 00:00:01,533\nWhere are we?\n")


def fix_at(offset_s: float, lat: float, when: datetime | None = None) -> ClipFix:
    return ClipFix(offset_s, lat, 125.32, None, when)


def test_zeros_and_jumps_go_and_dense_fixes_are_thinned() -> None:
    fixes = [fix_at(n / 20, 43.88 + n * 1e-6) for n in range(200)]
    fixes[40] = ClipFix(2.0, 0.0, 0.0, None, None)
    fixes[80] = fix_at(4.0, 44.5)
    cleaned = clip_track(fixes, crs="wgs84", rules=TrackRules())
    assert [note.code for note in cleaned.notes] == ["clip_fixes_cleaned"]
    assert cleaned.track is not None
    assert 45 <= len(cleaned.track.times_s) <= 50
    assert cleaned.track.lat.max() < 43.89


def test_only_zeros_are_no_track_and_are_told() -> None:
    cleaned = clip_track([ClipFix(0.0, 0.0, 0.0, None, None)], crs="wgs84", rules=TrackRules())
    assert cleaned.track is None
    assert [note.code for note in cleaned.notes] == ["clip_without_fix"]


def test_the_start_is_the_median_of_what_late_clocks_say() -> None:
    said = [datetime(2024, 5, 6, 7, 8, second) for second in (9, 12, 11, 12, 13)]
    fixes = [fix_at(float(n), 43.88 + n * 1e-5, when) for n, when in enumerate(said)]
    started = clip_track(fixes, crs="wgs84", rules=TrackRules()).started
    assert started == datetime(2024, 5, 6, 7, 8, 9)


@pytest.mark.data
@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("gopro_max_walk_gpmf", (33.12677, -117.32734)),
        ("gopro_hero5_carpark_2s_gpmf", (33.12650, -117.32735)),
        ("gopro_karma_aerial_gpmf", (33.12537, -117.33106)),
    ],
)
def test_real_clips_know_where_they_were(
    data_root: Path, name: str, first: tuple[float, float]
) -> None:
    facts = read_facts(data_root / "footage" / f"{name}.mp4", max_megapixels=40)
    assert isinstance(facts, VideoFacts) and facts.source == "gpmf"
    track = clip_track(facts.fixes, crs="wgs84", rules=TrackRules()).track
    assert track is not None
    assert (track.lat[0], track.lon[0]) == pytest.approx(first, abs=2e-5)
    assert track.times_s[-1] == pytest.approx(facts.duration_s, abs=0.6)
