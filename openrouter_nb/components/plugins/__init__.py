"""Plugins of a request."""
