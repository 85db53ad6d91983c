"""Shapes that cross a process boundary; data only."""
