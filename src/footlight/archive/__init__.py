"""Recordings as things we keep."""
