"""The command `guestlist`: imports, checks, redemptions, lists and webhooks, from a terminal.

It knows the HTTP contract alone and imports nothing of the project, so that it can be installed by itself.
"""
