"""Controls of the request parameters, validation, and model capabilities."""
