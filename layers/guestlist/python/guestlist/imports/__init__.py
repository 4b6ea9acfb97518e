"""A file on its way in: bytes, dialect, columns, rows, problems, packed lists, publication, result."""
