"""Options that set the answer of a simulated model."""


def says(text: str) -> str:
    """Return the option for the text of `demo/tour` and of broken streams, such as `demo/stall`."""
    # Escaped twice: once for JSON, once for the line of `%%chat`.
    units = text.encode("utf-16-be", "surrogatepass")
    codes = [int.from_bytes(units[at : at + 2]) for at in range(0, len(units), 2)]
    escaped = "".join(chr(code) if chr(code) in _PLAIN else f"\\\\u{code:04x}" for code in codes)
    return f"-p simulator.text='\"{escaped}\"'"


_PLAIN = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")
