"""The one place where ports are given their adapters."""
