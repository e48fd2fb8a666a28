"""Deadlines as a workbook: what its sheets hold, and another city's table as an example."""
