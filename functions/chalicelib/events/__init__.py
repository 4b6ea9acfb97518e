"""Handlers of events: uploads, the table's stream, notifications, timers and operations."""
