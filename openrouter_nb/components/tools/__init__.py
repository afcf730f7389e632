"""Tool definitions, tool choice and stop conditions."""
