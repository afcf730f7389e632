"""The embedded language model, in a process of its own."""
