"""Rows of a target group become packed lists, which are published, taken back and tidied away."""
