"""One number that tells whether two data sets are the same pictures with the same boxes."""

import hashlib

from zoubian.datasets.formats import YoloDataset


def dataset_sha256(dataset: YoloDataset) -> str:
    """SHA-256 over the names, bytes and boxes of all items, in the order of their names."""
    digest = hashlib.sha256()
    for item in sorted(dataset.items, key=lambda one: one.image_path.name):
        digest.update(item.image_path.name.encode())
        with item.image_path.open("rb") as file:
            digest.update(hashlib.file_digest(file, "sha256").digest())
        digest.update(item.class_ids.tobytes())
        digest.update(item.boxes_xyxy_norm.tobytes())
    return digest.hexdigest()
