"""The import of a purchases file: rows are gathered into orders and recorded."""
