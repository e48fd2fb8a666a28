"""From media to stored frames and detections."""
