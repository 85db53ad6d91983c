"""Messages between processes; no domain."""
