"""Data set formats: YOLO in and out, COCO out; faults are told as data."""

from zoubian.datasets.formats.coco import CocoDocument, to_coco
from zoubian.datasets.formats.dataset import LabelledImage, YoloDataset, upright_size_px
from zoubian.datasets.formats.labels import read_labels, write_labels
from zoubian.datasets.formats.problems import DatasetError, DatasetProblem
from zoubian.datasets.formats.yolo import label_path_of, load_yolo_dataset
from zoubian.datasets.formats.yolo_write import write_data_yaml

__all__ = [
    "CocoDocument",
    "DatasetError",
    "DatasetProblem",
    "LabelledImage",
    "YoloDataset",
    "label_path_of",
    "load_yolo_dataset",
    "read_labels",
    "to_coco",
    "upright_size_px",
    "write_data_yaml",
    "write_labels",
]
