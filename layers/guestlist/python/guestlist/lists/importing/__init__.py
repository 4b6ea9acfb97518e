"""The import of a target-group file: rows are packed into a list, which is published."""
