"""Types that all packages use: ids, e-mail addresses, errors, dates and durations."""
