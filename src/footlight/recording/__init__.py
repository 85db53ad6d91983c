"""The recording file; no sockets, no database."""
