"""Composition root: connects ports with their adapters."""
