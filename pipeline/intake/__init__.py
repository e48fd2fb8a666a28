"""From paths to decoded photos with time, place and quality."""
