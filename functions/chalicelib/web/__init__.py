"""Parts that all HTTP calls share: endpoint metadata, validation, problems, pagination."""
