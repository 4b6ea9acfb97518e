"""HTTP handlers, a module per resource."""
