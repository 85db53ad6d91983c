"""Footlight: session broker and session recorder."""
