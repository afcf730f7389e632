"""The embedded language model, in a separate process."""
