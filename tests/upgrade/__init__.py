"""What version 0.1.0 stored, read by this version."""
