"""The command `zoubian`."""
