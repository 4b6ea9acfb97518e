"""The handlers of HTTP calls and of events: each parses its input, calls the domain, and returns the result."""
