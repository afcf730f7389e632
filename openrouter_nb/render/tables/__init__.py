"""Tables of models, usage and records."""
