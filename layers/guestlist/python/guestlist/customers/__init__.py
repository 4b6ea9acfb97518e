"""Customers: profiles, search, and their part of an import."""
