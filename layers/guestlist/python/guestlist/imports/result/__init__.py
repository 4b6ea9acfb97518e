"""What an organiser is told when an import has ended."""
