"""Organisers, which are the tenants, and their API tokens and sessions."""
