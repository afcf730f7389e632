"""Requests of a playground in flight."""
