"""HTTP: connections, headers, response bodies."""
