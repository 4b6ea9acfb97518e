"""From the bytes of a file to checked rows, and what is wrong with the others."""
