"""Messages of a request and their content parts."""
