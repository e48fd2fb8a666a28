"""The rendered city: streets made by code from a seed, with truth for every picture."""
