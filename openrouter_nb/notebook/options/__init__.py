"""The option table of `%%chat`, and the parser of its line."""
