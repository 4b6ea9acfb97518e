"""Groups: settings, rules, members, sync and welcome."""
