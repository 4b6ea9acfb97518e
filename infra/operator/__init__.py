"""What an operator does by hand, from a terminal: the front of the function `operator`."""
