"""Evidence over HTTP: ranges, caching, copies and originals apart, the log of originals."""

import pytest
from desk_city import City
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError


@pytest.fixture(scope="module")
def case_id(shared_city: City) -> str:
    return shared_city.case("c1")


@pytest.fixture(scope="module")
def shown(shared_city: City, case_id: str) -> str:
    [picture] = shared_city.person("officer").get(f"/cases/{case_id}")["pictures"]
    return f"/cases/{case_id}/photos/{picture['shown_sha256']}"


@pytest.fixture(scope="module")
def original(shared_city: City, case_id: str) -> str:
    [picture] = shared_city.person("officer").get(f"/cases/{case_id}")["pictures"]
    return f"/cases/{case_id}/originals/{picture['original_sha256']}"


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [
        ("bytes=0-9", 0, 9),
        ("bytes=5-", 5, None),
        ("bytes=-7", -7, None),
        ("bytes=10-1000000", 10, None),
    ],
)
def test_a_range_is_that_part_of_the_file(
    shared_city: City, shown: str, asked: str, first: int, last: int | None
) -> None:
    officer = shared_city.person("officer")
    whole = officer.ask("GET", shown)
    answer = officer.ask("GET", shown, headers={"Range": asked})
    assert answer.status_code == 206
    expected = whole.content[first:] if last is None else whole.content[first : last + 1]
    assert answer.content == expected
    start = first % len(whole.content)
    end = start + len(expected) - 1
    assert answer.headers["Content-Range"] == f"bytes {start}-{end}/{len(whole.content)}"


@pytest.mark.parametrize("asked", ["bytes=0-1,5-6", "lines=1-2", "bytes=9-3", "bytes=-"])
def test_what_is_no_single_range_gets_the_whole(shared_city: City, shown: str, asked: str) -> None:
    answer = shared_city.person("officer").ask("GET", shown, headers={"Range": asked})
    assert (answer.status_code, len(answer.content) > 100) == (200, True)


@pytest.mark.parametrize("asked", ["bytes=100000000-", "bytes=-0"])
def test_a_range_beyond_the_file_is_refused(shared_city: City, shown: str, asked: str) -> None:
    answer = shared_city.person("officer").ask("GET", shown, headers={"Range": asked})
    assert (answer.status_code, answer.json()["code"]) == (416, "range")
    assert answer.headers["Content-Range"].startswith("bytes */")


def test_an_old_part_is_not_gone_on_with_from_another_file(shared_city: City, shown: str) -> None:
    headers = {"Range": "bytes=0-9", "If-Range": '"another"'}
    assert shared_city.person("officer").ask("GET", shown, headers=headers).status_code == 200


def test_a_copy_is_kept_by_the_browser_and_never_sent_twice(shared_city: City, shown: str) -> None:
    officer = shared_city.person("officer")
    answer = officer.ask("GET", shown)
    assert answer.headers["Cache-Control"] == "private, max-age=31536000, immutable"
    again = officer.ask("GET", shown, headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_originals_are_a_download_that_is_noted_each_time(
    shared_city: City, original: str, case_id: str
) -> None:
    verifier, office = shared_city.person("verifier"), shared_city.person("office")
    before = len(office.get("/access-log")["items"])
    for _ in range(2):
        answer = verifier.ask("GET", original)
        assert answer.status_code == 200
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Content-Disposition"].startswith("attachment")
    noted = office.get("/access-log", sha256=original.rpartition("/")[2])["items"]
    assert len(noted) == before + 2
    assert {(one["user_id"], one["subject"]) for one in noted} == {("verifier", f"case:{case_id}")}


def test_officers_get_copies_only(shared_city: City, original: str, shown: str) -> None:
    officer = shared_city.person("officer")
    assert officer.refused("GET", original) == (403, "forbidden")
    as_copy = original.replace("originals", "photos")
    assert officer.refused("GET", as_copy) == (404, "no_such_file")
    verifier = shared_city.person("verifier")
    as_original = shown.replace("photos", "originals")
    assert verifier.refused("GET", as_original) == (404, "no_such_file")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE file_access SET user_id = 'nobody'",
        "DELETE FROM file_access",
        "INSERT OR REPLACE INTO file_access SELECT id, 'nobody', sha256, subject, at"
        " FROM file_access",
    ],
)
def test_the_log_of_originals_cannot_be_changed(any_city: City, statement: str) -> None:
    case_id = any_city.case("c1")
    verifier = any_city.person("verifier")
    [picture] = verifier.get(f"/cases/{case_id}")["pictures"]
    verifier.ask("GET", f"/cases/{case_id}/originals/{picture['original_sha256']}")
    engine = any_city.workspace.engine
    if engine.dialect.name == "postgresql":
        statement = statement.replace("INSERT OR REPLACE INTO", "TRUNCATE").split(" SELECT")[0]
    with pytest.raises(DatabaseError), engine.begin() as connection:
        connection.execute(text(statement))
    [noted] = any_city.person("office").get("/access-log")["items"]
    assert noted["user_id"] == "verifier"


def test_pages_of_the_log_follow_each_other(shared_city: City, original: str) -> None:
    verifier, office = shared_city.person("verifier"), shared_city.person("office")
    for _ in range(3):
        verifier.ask("GET", original)
    everything = [one["id"] for one in office.get("/access-log")["items"]]
    paged: list[str] = []
    after = None
    while True:
        page = office.get("/access-log", limit=2, after=after)
        paged += [one["id"] for one in page["items"]]
        after = page["next"]
        if after is None:
            break
    assert paged == everything
