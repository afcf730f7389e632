"""Results, stream chunks and usage."""
