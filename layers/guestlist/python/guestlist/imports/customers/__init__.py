"""Customer files: each row says in which manual groups a person shall be."""
