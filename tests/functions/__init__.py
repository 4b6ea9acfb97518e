"""The functions, called as the gateway and events call them, on an engine."""
