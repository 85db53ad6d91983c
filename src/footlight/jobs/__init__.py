"""Long actions that one can follow."""
