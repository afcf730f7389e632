"""Live answers as messages for pages: accumulate answer events, number the deltas, execute requests once."""
