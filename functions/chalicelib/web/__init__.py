"""Shared by all HTTP calls: endpoint metadata, validation, problems, pagination."""
