"""Pixels to detections: numpy, OpenCV and one runtime, nothing else."""
