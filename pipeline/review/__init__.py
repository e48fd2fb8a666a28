"""What people decide about candidates: confirm, correct, merge, split, check, decline, undo."""
