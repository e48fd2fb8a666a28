"""YOLO data sets are read with their faults told, and written so that they read the same."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from zoubian.datasets.formats import (
    DatasetError,
    label_path_of,
    load_yolo_dataset,
    read_labels,
    to_coco,
    upright_size_px,
    write_data_yaml,
    write_labels,
)

NAMES = {0: "bin", 1: "overflowing_bin"}


def _image(path: Path, size: tuple[int, int] = (40, 20), orientation: int = 1) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    exif = Image.Exif()
    exif[0x0112] = orientation
    Image.new("RGB", size).save(path, exif=exif)
    return path


@pytest.fixture
def data_yaml(tmp_path: Path) -> Path:
    """Two images, the second without a label file."""
    _image(tmp_path / "val" / "images" / "a.jpg")
    _image(tmp_path / "val" / "images" / "街 b.jpg")
    label = tmp_path / "val" / "labels" / "a.txt"
    label.parent.mkdir()
    label.write_text("1 0.5 0.5 0.5 0.25\n0 0.1 0.2 0.2 0.4\n", encoding="utf-8")
    path = tmp_path / "data.yaml"
    write_data_yaml(path, names=NAMES, splits={"val": "val/images"})
    return path


def test_reads_boxes_classes_and_background(data_yaml: Path) -> None:
    dataset, problems = load_yolo_dataset(data_yaml, "val")
    assert problems == ()
    assert dataset.names == NAMES
    first, second = dataset.items
    np.testing.assert_allclose(
        first.boxes_xyxy_norm, [[0.25, 0.375, 0.75, 0.625], [0.0, 0.0, 0.2, 0.4]], atol=1e-7
    )
    assert first.boxes_xyxy_norm.dtype == np.float32
    assert first.class_ids.tolist() == [1, 0]
    assert first.class_ids.dtype == np.int64
    assert second.image_path.name == "街 b.jpg"
    assert (second.label_path, second.boxes_xyxy_norm.shape) == (None, (0, 4))


def test_pixel_boxes_follow_the_images_size(data_yaml: Path) -> None:
    dataset, _ = load_yolo_dataset(data_yaml, "val")
    np.testing.assert_allclose(dataset.items[0].boxes_xyxy_px()[0], [10, 7.5, 30, 12.5])


@pytest.mark.parametrize(
    ("orientation", "size"), [(1, (40, 20)), (3, (40, 20)), (6, (20, 40)), (8, (20, 40))]
)
def test_size_is_that_of_the_upright_image(
    tmp_path: Path, orientation: int, size: tuple[int, int]
) -> None:
    assert upright_size_px(_image(tmp_path / "a.jpg", orientation=orientation)) == size


@pytest.mark.parametrize("exif", [b"Exif\0\0rubbish!", b"Exif\0\0II*\0\x08\0\0\0\xff\xff"])
@pytest.mark.filterwarnings("ignore:Corrupt EXIF")
def test_broken_exif_leaves_the_stored_size(tmp_path: Path, exif: bytes) -> None:
    path = tmp_path / "a.jpg"
    Image.new("RGB", (40, 20)).save(path, exif=exif)
    assert upright_size_px(path) == (40, 20)


@pytest.mark.parametrize("content", [b"", b"no image at all", b"\xff\xd8\xff\xe0\x00\x10JFIF"])
def test_a_broken_header_is_an_os_error(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.jpg"
    path.write_bytes(content)
    with pytest.raises(OSError):
        upright_size_px(path)


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("0 0.5 0.5 0.5", "field_count"),
        ("0 0.5 0.5 0.5 0.5 0.9", "field_count"),
        ("0 0.5 half 0.5 0.5", "not_a_number"),
        ("0 0.5 nan 0.5 0.5", "not_a_number"),
        ("inf 0.5 0.5 0.5 0.5", "not_a_number"),
        ("2 0.5 0.5 0.5 0.5", "unknown_class"),
        ("0.5 0.5 0.5 0.5 0.5", "unknown_class"),
        ("-1 0.5 0.5 0.5 0.5", "unknown_class"),
        ("0 0.5 0.5 0 0.5", "no_area"),
        ("0 0.5 0.5 0.5 -0.5", "no_area"),
        ("0 1.2 0.5 0.5 0.5", "not_normalised"),
        ("0 320 240 64 48", "not_normalised"),
        ("1 0.5 0.5 0.5 0.5", "duplicate"),
    ],
)
def test_a_bad_line_is_told_and_its_neighbours_kept(tmp_path: Path, line: str, code: str) -> None:
    label = tmp_path / "a.txt"
    label.write_text(f"1 0.5 0.5 0.5 0.5\n\n{line}\n0 0.3 0.3 0.1 0.1\n", encoding="utf-8")
    boxes, ids, problems = read_labels(label, class_ids=NAMES)
    assert ids.tolist() == [1, 0]
    assert boxes.shape == (2, 4)
    assert [(p.path, p.line, p.code) for p in problems] == [(label, 3, code)]
    assert problems[0].message_zh and problems[0].message_en


def test_a_box_over_the_edge_is_cut_to_what_the_image_shows(tmp_path: Path) -> None:
    label = tmp_path / "a.txt"
    label.write_text("0 0.05 0.95 0.2 0.2", encoding="utf-8")
    boxes, _, problems = read_labels(label, class_ids=NAMES)
    np.testing.assert_allclose(boxes, [[0.0, 0.85, 0.15, 1.0]], atol=1e-6)
    assert problems == []


def test_an_undecodable_label_file_is_a_problem(tmp_path: Path) -> None:
    label = tmp_path / "a.txt"
    label.write_bytes(b"\xff\xfe\x00")
    boxes, ids, problems = read_labels(label, class_ids=NAMES)
    assert (len(boxes), len(ids), [p.code for p in problems]) == (0, 0, ["unreadable"])


@pytest.mark.parametrize(
    ("image", "label"),
    [
        ("val/images/a.jpg", "val/labels/a.txt"),
        ("images/old/images/sub/a.b.png", "images/old/labels/sub/a.b.txt"),
        ("photos/images.jpg", "photos/images.txt"),
    ],
)
def test_labels_stand_beside_the_last_images_folder(image: str, label: str) -> None:
    assert label_path_of(Path(image)) == Path(label)


@pytest.mark.parametrize(
    "text",
    [
        "val: val/images\nnames: [bin, overflowing_bin]",
        "path: .\nval: [val/images]\nnames: {0: bin, 1: overflowing_bin}",
        "path: ./val\nval: images\nnames: {'0': bin, '1': overflowing_bin}",
        "\ufeffval: list.txt\nnames: [bin, overflowing_bin]",
    ],
)
def test_data_files_may_be_written_in_several_ways(data_yaml: Path, text: str) -> None:
    (data_yaml.parent / "list.txt").write_text(
        "val/images/a.jpg\n\n./val/images/街 b.jpg\n", encoding="utf-8"
    )
    data_yaml.write_text(text, encoding="utf-8")
    dataset, problems = load_yolo_dataset(data_yaml, "val")
    assert problems == ()
    assert dataset.names == NAMES
    assert [(i.image_path.name, len(i.class_ids)) for i in dataset.items] == [
        ("a.jpg", 2),
        ("街 b.jpg", 0),
    ]


def test_a_listed_image_that_is_missing_is_told(data_yaml: Path) -> None:
    listed = data_yaml.parent / "list.txt"
    listed.write_text("val/images/a.jpg\nval/images/gone.jpg\n", encoding="utf-8")
    data_yaml.write_text("val: list.txt\nnames: [bin, overflowing_bin]", encoding="utf-8")
    dataset, problems = load_yolo_dataset(data_yaml, "val")
    assert [i.image_path.name for i in dataset.items] == ["a.jpg"]
    assert [(p.path, p.line, p.code) for p in problems] == [(listed, 2, "image_missing")]


@pytest.mark.parametrize(
    ("text", "split", "code"),
    [
        ("val: val/images\nnames: [bin]", "test", "no_split"),
        ("val: 3\nnames: [bin]", "val", "no_split"),
        ("val: nowhere\nnames: [bin]", "val", "no_images"),
        ("val: val/images", "val", "bad_names"),
        ("val: val/images\nnames: [bin, bin]", "val", "bad_names"),
        ("val: val/images\nnames: {first: bin}", "val", "bad_names"),
        ("val: val/images\nnames: bin", "val", "bad_names"),
        ("- val", "val", "unreadable"),
        ("val: [", "val", "unreadable"),
        ("val: val/labels\nnames: [bin]", "val", "no_labels"),
    ],
)
def test_an_unusable_data_set_says_why(data_yaml: Path, text: str, split: str, code: str) -> None:
    data_yaml.write_text(text, encoding="utf-8")
    with pytest.raises(DatasetError) as caught:
        load_yolo_dataset(data_yaml, split)
    assert caught.value.code == code
    assert caught.value.message_zh != caught.value.message_en


def test_written_labels_read_the_same(tmp_path: Path) -> None:
    rng = np.random.default_rng(7)
    corners = np.sort(rng.random((50, 2, 2)), axis=1).astype(np.float32)
    boxes = corners.reshape(-1, 4)
    ids = rng.integers(0, 2, 50)
    write_labels(tmp_path / "labels" / "a.txt", boxes, ids)
    read, read_ids, problems = read_labels(tmp_path / "labels" / "a.txt", class_ids=NAMES)
    assert problems == []
    np.testing.assert_array_equal(read_ids, ids)
    np.testing.assert_allclose(read, boxes, atol=2e-6)


def test_coco_holds_pixels_and_ids_from_one(data_yaml: Path) -> None:
    dataset, _ = load_yolo_dataset(data_yaml, "val")
    document, problems = to_coco(dataset)
    assert problems == ()
    assert document["categories"] == [
        {"id": 1, "name": "bin"},
        {"id": 2, "name": "overflowing_bin"},
    ]
    assert [(i["id"], i["file_name"]) for i in document["images"]] == [
        (1, "val/images/a.jpg"),
        (2, "val/images/街 b.jpg"),
    ]
    first, second = document["annotations"]
    assert (first["id"], first["image_id"], first["category_id"]) == (1, 1, 2)
    assert first["bbox"] == pytest.approx([10, 7.5, 20, 5])
    assert first["area"] == pytest.approx(100)
    assert second["bbox"] == pytest.approx([0, 0, 8, 8], abs=1e-5)


def test_coco_leaves_out_what_it_cannot_measure(data_yaml: Path) -> None:
    broken = data_yaml.parent / "val" / "images" / "a.jpg"
    broken.write_bytes(b"")
    dataset, _ = load_yolo_dataset(data_yaml, "val")
    document, problems = to_coco(dataset)
    assert [i["file_name"] for i in document["images"]] == ["val/images/街 b.jpg"]
    assert document["annotations"] == []
    assert [(p.path, p.code) for p in problems] == [(broken, "image_unreadable")]


@pytest.mark.data
@pytest.mark.parametrize(("split", "images"), [("train", 1947), ("val", 429)])
def test_the_shared_waste_pictures_read_without_a_problem(
    data_root: Path, split: str, images: int
) -> None:
    dataset, problems = load_yolo_dataset(data_root / "waste" / "data.yaml", split)
    assert problems == ()
    assert len(dataset.items) == images
    assert set(np.concatenate([i.class_ids for i in dataset.items]).tolist()) == {0, 1, 2, 3}
