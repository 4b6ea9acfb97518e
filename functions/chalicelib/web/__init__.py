"""What every HTTP call passes: endpoint metadata, validation, problems, pagination."""
