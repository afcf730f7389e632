"""The tool loop: rounds of requests and tool calls."""
