"""Import of a customer file: memberships of manual groups, row by row."""
