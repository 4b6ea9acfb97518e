"""The import of a customers file: memberships of manual groups, row by row."""
