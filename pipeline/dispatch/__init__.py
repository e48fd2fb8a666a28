"""Cases on time: lists of what is due, urging, and what a new calendar changes."""
