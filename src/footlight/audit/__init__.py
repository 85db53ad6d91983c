"""What administrators did, as a chain in which a changed or missing entry shows."""
