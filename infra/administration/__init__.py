"""The operator's command: a front end of the function `operator`."""
