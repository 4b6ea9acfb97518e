"""A model of DynamoDB that meters, throttles and breaks, on a clock of its own, and what is played on it."""
