"""Ticket files: unique barcodes, exact capacity, and the buyers."""
