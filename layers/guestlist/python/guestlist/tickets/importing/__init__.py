"""The import of a tickets file: unique barcodes, exact capacity, and the buyers."""
