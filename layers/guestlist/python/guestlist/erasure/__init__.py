"""Erasure of a person from every record, list, file and report."""
