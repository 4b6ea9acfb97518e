"""The catalogue: events, sale items, and who may buy them."""
