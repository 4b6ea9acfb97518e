"""Nouns that every package uses: ids, addresses, errors, dates and durations."""
