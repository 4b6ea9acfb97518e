"""Guestlist: who may see, buy, discount and enter."""
