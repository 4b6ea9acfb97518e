"""Target-group lists: entries, packed storage and look-up."""
