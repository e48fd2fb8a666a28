"""Engines that run weights, behind one port; each is found by its entry point."""
