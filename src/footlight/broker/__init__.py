"""Decisions that need several rooms."""
