"""Organisers, who are the tenants, and their API tokens."""
