"""Taking an erased person out of what imports keep: lists, files, reports and records."""
