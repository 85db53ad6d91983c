"""One session's life: states, lists, what is wanted, waiting for a change."""
