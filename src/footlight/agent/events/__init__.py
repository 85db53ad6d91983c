"""What happens in a recorded session beside its picture: the sources of the event track."""
