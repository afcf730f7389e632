"""Safe HTML from Markdown and plain text."""
