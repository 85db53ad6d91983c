"""What the site answers, as typed dictionaries: the JSON objects themselves, unchanged."""
