"""The mail about an import that has ended or waits for review."""
