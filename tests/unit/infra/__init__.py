"""What is packaged, and the tools that package it."""
