"""Reading of a file: from its bytes to its valid rows and the problems of the others."""
