"""Values and rules that need the standard library only."""
