"""The one place where ports are connected with their adapters."""
