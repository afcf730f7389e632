"""Record answers in a readable file next to the notebook, and replay them for identical requests."""
