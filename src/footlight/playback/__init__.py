"""From a kept recording to what a player needs."""
