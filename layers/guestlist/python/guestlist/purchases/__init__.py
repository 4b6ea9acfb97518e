"""Purchases: orders, refunds, and their part of an import."""
