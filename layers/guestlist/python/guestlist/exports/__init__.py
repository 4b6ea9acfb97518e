"""CSV exports of groups that can be imported again."""
