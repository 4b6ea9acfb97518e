"""Webhooks: HTTP notifications of events to organisers."""
