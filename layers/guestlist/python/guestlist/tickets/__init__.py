"""Tickets sold elsewhere: barcodes, capacity, scans, and their part of an import."""
