"""Execution of one `%%chat` cell: parse, send, display."""
