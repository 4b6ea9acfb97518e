"""The ways in: each handler converts what came, calls the domain, and replies."""
