"""Import of a purchase file: its rows are grouped into orders, which are recorded."""
