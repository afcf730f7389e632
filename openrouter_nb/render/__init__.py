"""Saved output: safe HTML and plain text that read well in every renderer, also without this package."""
