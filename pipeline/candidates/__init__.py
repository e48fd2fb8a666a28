"""From stored detections to candidate cases with evidence."""
