"""Webhooks: where organisers are told of events, what is told, and how it is delivered."""
