"""Mails: the outbox, delivery and suppressed addresses."""
