"""What a process tells of itself: figures, spans of traces, and where a piece of work comes from."""
