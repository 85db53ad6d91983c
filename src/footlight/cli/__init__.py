"""The footlight command."""
