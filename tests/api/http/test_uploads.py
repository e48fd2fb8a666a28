"""Long files in parts, small ones in one go: gone on with, checked, one's own."""

import hashlib
from typing import Any

import pytest
from desk_city import City, Person, photo_bytes

CONTENT = photo_bytes(1)
SHA256 = hashlib.sha256(CONTENT).hexdigest()
HALF = len(CONTENT) // 2


def begin(person: Person, content: bytes = CONTENT, **other: Any) -> Any:
    sha256 = hashlib.sha256(content).hexdigest()
    return person.post(
        "/uploads", {"name": "行车记录.mp4", "size": len(content), "sha256": sha256, **other}
    )


def part(first: int, block: bytes, size: int = len(CONTENT)) -> dict[str, Any]:
    content_range = f"bytes {first}-{first + len(block) - 1}/{size}"
    return {"content": block, "headers": {"Content-Range": content_range}}


def test_a_file_comes_in_parts_and_is_gone_on_with(city: City) -> None:
    inspector = city.person("inspector")
    path = f"/uploads/{begin(inspector)['id']}"
    sent = inspector.ask("PUT", path, **part(0, CONTENT[:HALF])).json()
    assert (sent["received"], sent["done"]) == (HALF, False)
    assert begin(inspector)["received"] == HALF  # begun again after the page was lost
    assert inspector.refused("POST", f"{path}/complete") == (422, "upload_incomplete")
    assert inspector.get(path)["received"] == HALF
    inspector.ask("PUT", path, **part(HALF, CONTENT[HALF:]))
    done = inspector.post(f"{path}/complete")
    assert (done["done"], done["media_type"], done["name"]) == (True, "image/jpeg", "行车记录.mp4")
    assert city.workspace.files.path(SHA256).read_bytes() == CONTENT
    assert inspector.post(f"{path}/complete") == done
    assert begin(inspector)["done"] is True
    assert list((city.workspace.folder / "uploads").glob("*")) == []


@pytest.mark.parametrize(
    ("first", "block", "size", "expected"),
    [
        (5, b"x", len(CONTENT), (409, "upload_offset")),
        (0, b"x", len(CONTENT) + 1, (422, "content_range")),
        (0, CONTENT[:3], len(CONTENT), None),
    ],
)
def test_parts_are_taken_in_order_only(
    city: City, first: int, block: bytes, size: int, expected: tuple[int, str] | None
) -> None:
    inspector = city.person("inspector")
    path = f"/uploads/{begin(inspector)['id']}"
    if expected is None:
        assert inspector.ask("PUT", path, **part(first, block, size)).status_code == 200
    else:
        assert inspector.refused("PUT", path, **part(first, block, size)) == expected
    assert inspector.get(path)["received"] == (len(block) if expected is None else 0)


def test_a_cut_line_keeps_what_came_before(city: City) -> None:
    inspector = city.person("inspector")
    path = f"/uploads/{begin(inspector)['id']}"
    said = {"Content-Range": f"bytes 0-{len(CONTENT) - 1}/{len(CONTENT)}"}
    inspector.ask("PUT", path, content=CONTENT[:100], headers=said)  # fewer than it says
    assert inspector.get(path)["received"] == 100
    inspector.ask("PUT", path, **part(100, CONTENT[100:]))
    assert inspector.post(f"{path}/complete")["done"] is True


def test_more_than_was_announced_is_refused(city: City) -> None:
    inspector = city.person("inspector")
    path = f"/uploads/{begin(inspector)['id']}"
    said = {"Content-Range": f"bytes 0-{len(CONTENT) - 1}/{len(CONTENT)}"}
    refused = inspector.refused("PUT", path, content=CONTENT + b"more", headers=said)
    assert refused == (413, "upload_too_large")


def test_a_damaged_file_is_sent_again(city: City) -> None:
    inspector = city.person("inspector")
    path = f"/uploads/{begin(inspector)['id']}"
    inspector.ask("PUT", path, **part(0, CONTENT[:-1] + b"?"))
    assert inspector.refused("POST", f"{path}/complete") == (422, "upload_damaged")
    assert inspector.get(path)["received"] == 0
    assert not city.workspace.files.path(SHA256).exists()


def test_what_somebody_else_has_sent_must_be_sent_nevertheless(city: City) -> None:
    """Whoever only knows a file's hash does not get the file."""
    city.person("officer").upload(CONTENT)
    mine = begin(city.person("inspector"))
    assert (mine["done"], mine["received"]) == (False, 0)


def test_too_large_and_cancelled(city: City) -> None:
    inspector = city.person("inspector")
    huge = {"name": "x.mp4", "size": 1 << 40, "sha256": SHA256}
    assert inspector.refused("POST", "/uploads", json=huge) == (413, "upload_too_large")
    path = f"/uploads/{begin(inspector)['id']}"
    inspector.ask("PUT", path, **part(0, CONTENT[:HALF]))
    inspector.ask("DELETE", path)
    assert inspector.refused("GET", path) == (404, "no_such_upload")
    assert begin(inspector)["received"] == 0


def test_many_small_files_in_one_go_a_bad_one_stops_no_other(city: City) -> None:
    inspector = city.person("inspector")
    files = [("files", (f"IMG_{n}.jpg", photo_bytes(n))) for n in range(20)]
    files += [("files", ("../../etc/empty.jpg", b"")), ("files", ("notes.txt", b"hello"))]
    files.append(("files", ("again.jpg", photo_bytes(3))))
    items = inspector.ask("POST", "/uploads/batch", files=files).json()["items"]
    assert [item["name"] for item in items[:2]] == ["IMG_0.jpg", "IMG_1.jpg"]
    assert [item["problem"] is None for item in items] == [*[True] * 20, False, False, True]
    assert (items[20]["name"], items[20]["problem"]["code"]) == ("empty.jpg", "empty")
    assert items[21]["problem"]["code"] == "not_media"
    assert items[22]["upload_id"] == items[3]["upload_id"]
    for item, n in zip(items[:20], range(20), strict=True):
        assert item["sha256"] == hashlib.sha256(photo_bytes(n)).hexdigest()


def test_no_space_is_said_before_anything_is_written(city: City) -> None:
    settings = city.workspace.settings.model_copy(update={"free_space_gb": 1e9})
    object.__setattr__(city.workspace, "settings", settings)
    inspector = city.person("inspector")
    asked = {"name": "x.mp4", "size": 10, "sha256": SHA256}
    assert inspector.refused("POST", "/uploads", json=asked) == (507, "no_space")
