"""Purchase files: each row is a line of an order, recorded as a checkout would tell of it."""
