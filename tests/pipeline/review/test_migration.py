"""Candidates that were there before the review keep their pictures, numbers and decisions."""

from sqlalchemy import Engine, text

from zoubian.pipeline.db.migrate import downgrade, migrate

ROWS = (
    "INSERT INTO patrol VALUES ('p', 'n', '2026-11-23 01:00:00', 480, 'wgs84')",
    "INSERT INTO medium (id, patrol_id, sha256, path, shown_path, kind, size_bytes, state,"
    " attempts, frames_read, frames_sampled)"
    " VALUES ('m', 'p', 'aa', '/a', 'a', 'photo', 1, 'done', 0, 1, 1)",
    'INSERT INTO frame (id, medium_id, "index", offset_s, width_px, height_px, assessable,'
    " brightness, sharpness, shown_sha256, taken_at)"
    " VALUES ('f', 'm', 0, 0, 1, 1, true, 0.5, 0.5, 'bb', '2026-11-23 01:02:03')",
    "INSERT INTO candidate (id, patrol_id, number, state, visual_class, members, confidence,"
    " proven) VALUES ('c1', 'p', 'Z1123-041', 'pending', 'bin', '{}', 0.5, false)",
    "INSERT INTO candidate (id, patrol_id, number, state, visual_class, members, confidence,"
    " proven) VALUES ('c2', 'p', 'Z1123-007', 'declined', 'bin', '{}', 0.5, false)",
    "INSERT INTO candidate_frame VALUES ('c1', 'f', 0, 'cc')",
    "INSERT INTO exhibit (candidate_id, kind, sha256) VALUES ('c1', 'clip', 'ee')",
)
EXHIBITS = [("c1", "clip", "ee")]
REPORT = (
    "INSERT INTO candidate (id, number, state, version, handled, source, queued_at, members,"
    " proven)"
    " VALUES ('r', 'Z1123-042', 'pending', 1, true, 'manual', '2026-11-23 02:00:00', '{}', false)",
    "INSERT INTO candidate_frame (candidate_id, frame_id, rank) VALUES ('r', 'dd', 0)",
)


def rows(engine: Engine, query: str) -> list[tuple[object, ...]]:
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(query))]


def test_up_and_down_again_without_losing_a_picture(engine: Engine) -> None:
    downgrade(engine, "0005")
    with engine.begin() as connection:
        for row in ROWS:
            connection.execute(text(row))
    migrate(engine)
    assert rows(
        engine,
        "SELECT id, version, source, CAST(queued_at AS TEXT) LIKE '2026-11-23 01:00:00%'"
        " FROM candidate ORDER BY id",
    ) == [("c1", 1, "patrol", True), ("c2", 1, "patrol", True)]
    assert rows(engine, "SELECT id FROM candidate WHERE handled ORDER BY id") == [("c2",)]
    assert rows(
        engine,
        "SELECT candidate_id, frame_id, rank, photo_sha256, shown_sha256, evidence_sha256, part,"
        " CAST(taken_at AS TEXT) LIKE '2026-11-23 01:02:03%' FROM candidate_frame",
    ) == [("c1", "f", 0, "aa", "bb", "cc", None, True)]
    assert rows(engine, "SELECT * FROM candidate_count") == [("1123", 41)]
    assert rows(engine, "SELECT candidate_id, kind, sha256 FROM exhibit") == EXHIBITS
    with engine.begin() as connection:
        for row in REPORT:
            connection.execute(text(row))
    downgrade(engine, "0005")
    assert rows(engine, "SELECT id FROM candidate ORDER BY id") == [("c1",), ("c2",)]
    assert rows(engine, "SELECT * FROM candidate_frame") == [("c1", "f", 0, "cc")]
    assert rows(engine, "SELECT candidate_id, kind, sha256 FROM exhibit") == EXHIBITS
