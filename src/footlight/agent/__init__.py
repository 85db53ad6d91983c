"""The session host: keepers, displays, recorders. Keep this file empty: keepers start through it."""
