"""Photos and patrols with something that looks at them: suggestions, copies, scans, progress."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from desk_city import City, Person, open_city
from fake_eye import draw_photo, fake_eye


@pytest.fixture(scope="module")
def seeing(tmp_path_factory: pytest.TempPathFactory, migrated_sqlite: Path) -> Iterator[City]:
    folder = tmp_path_factory.mktemp("seeing")
    file = folder / "zoubian.db"
    file.write_bytes(migrated_sqlite.read_bytes())
    with open_city(folder, f"sqlite:///{file}", eye=fake_eye(folder)) as city:
        yield city


def photo(folder: Path, seed: int) -> bytes:
    path = folder / f"{seed}.jpg"
    draw_photo(path, seed=seed)
    return path.read_bytes()


def send(person: Person, content: bytes, name: str = "a.jpg") -> Any:
    answer = person.ask("POST", "/photos", files=[("file", (name, content))])
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_a_photo_gets_suggestions_a_copy_and_what_it_says_of_itself(
    seeing: City, tmp_path: Path
) -> None:
    inspector = seeing.person("inspector")
    content = photo(tmp_path, 1)
    sent = send(inspector, content)
    assert sent["looked_at"] is True and sent["problem"] is None
    best = sent["suggestions"][0]
    assert (best["category"], best["precision"]) == ("bin_overflow", None)
    upload = sent["upload"]
    assert upload["taken_at"].endswith("Z")
    assert upload["position"]["lat"] == pytest.approx(43.87, abs=0.01)
    copy = inspector.ask("GET", f"/uploads/{upload['id']}/shown")
    assert copy.headers["content-type"] == "image/jpeg"
    assert b"Exif" in content and b"Exif" not in copy.content
    other = seeing.person("inspector-2")
    assert other.refused("GET", f"/uploads/{upload['id']}/shown") == (404, "no_such_upload")


def test_what_cannot_be_looked_at_is_said_in_one_line(seeing: City, tmp_path: Path) -> None:
    sent = send(seeing.person("inspector"), photo(tmp_path, 1)[:3000])
    assert sent["suggestions"] == []
    assert sent["problem"]["code"] == "truncated"
    assert "\n" not in sent["problem"]["message"]


def test_what_is_no_photo_is_not_taken(seeing: City) -> None:
    files = [("file", ("a.jpg", b"<html>not a picture at all"))]
    refused = seeing.person("inspector").refused("POST", "/photos", files=files)
    assert refused == (422, "not_media")


def test_returned_photos_get_copies_whichever_way_they_came(seeing: City, tmp_path: Path) -> None:
    case_id = seeing.case("c1")
    officer = seeing.person("officer")
    sha256 = officer.upload(photo(tmp_path, 2))
    case = seeing.act("officer", case_id, "returned", photo_sha256s=[sha256])
    [picture] = [one for one in case["pictures"] if one["kind"] == "case.returned"]
    assert picture["original_sha256"] == sha256
    shown = officer.ask("GET", f"/cases/{case_id}/photos/{picture['shown_sha256']}")
    assert shown.status_code == 200


def follow(person: Person, patrol_id: str) -> list[Any]:
    """The documents of a progress stream, to its end."""
    told, kinds = [], []
    with person.http.stream("GET", f"/api/v1/patrols/{patrol_id}/progress") as stream:
        assert stream.headers["content-type"].startswith("text/event-stream")
        for line in stream.iter_lines():
            if line.startswith("event: "):
                kinds.append(line.removeprefix("event: "))
            elif line.startswith("data: ") and kinds[-1] == "progress":
                told.append(json.loads(line.removeprefix("data: ")))
    assert kinds[-1] == "end"
    return told


def test_a_patrol_is_scanned_and_its_candidates_wait_for_the_reviewer(
    seeing: City, tmp_path: Path
) -> None:
    inspector = seeing.person("inspector")
    patrol_id = seeing.patrol("inspector", "一组早班")
    files = [("files", (f"IMG_{n}.jpg", photo(tmp_path, 10 + n))) for n in range(4)]
    files.append(("files", ("broken.jpg", b"\xff\xd8\xff broken")))
    sent = inspector.ask("POST", "/uploads/batch", files=files).json()["items"]
    upload_ids = [item["upload_id"] for item in sent]
    inspector.post(f"/patrols/{patrol_id}/media", {"upload_ids": upload_ids})
    progress = follow(inspector, patrol_id)
    assert progress[-1] == {"scan": "done", "media": 5, "done": 4, "failed": 1}
    patrol = inspector.get(f"/patrols/{patrol_id}")
    assert [one["name"] for one in patrol["media"]][:2] == ["IMG_0.jpg", "IMG_1.jpg"]
    [failed] = [one for one in patrol["media"] if one["state"] == "failed"]
    assert failed["name"] == "broken.jpg" and failed["problem_zh"]
    found = seeing.person("reviewer").get("/candidates", patrol_id=patrol_id)["items"]
    assert len(found) == 4
    mine = inspector.get("/candidates", patrol_id=patrol_id)["items"]
    assert [one["id"] for one in mine] == [one["id"] for one in found]
    assert seeing.person("inspector-2").get("/candidates", patrol_id=patrol_id)["items"] == []

    more = inspector.ask("POST", "/uploads/batch", files=[files[0], ("files", ("IMG_0.jpg",
        photo(tmp_path, 30)))]).json()["items"]  # fmt: skip
    again = [item["upload_id"] for item in more]
    inspector.post(f"/patrols/{patrol_id}/media", {"upload_ids": again})
    assert follow(inspector, patrol_id)[-1]["done"] == 5
    assert len(seeing.person("reviewer").get("/candidates", patrol_id=patrol_id)["items"]) == 5


def test_without_a_model_photos_are_kept_and_scans_refused(city: City, tmp_path: Path) -> None:
    inspector = city.person("inspector")
    sent = send(inspector, photo(tmp_path, 1))
    assert (sent["looked_at"], sent["suggestions"], sent["quality"]) == (False, [], None)
    patrol_id = city.patrol("inspector", "早班")
    asked = {"upload_ids": [sent["upload"]["id"]]}
    refused = inspector.refused("POST", f"/patrols/{patrol_id}/media", json=asked)
    assert refused == (503, "no_model")
