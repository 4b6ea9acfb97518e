"""The quick loop: every handler, event and call on moto, in one process and one thread."""
