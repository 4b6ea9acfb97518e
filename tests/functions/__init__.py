"""The ways in, called as a gateway would call them, on an engine."""
