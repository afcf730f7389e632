"""Environments beside the one of the tests, with packages that would change it: see the dependency groups of pyproject.toml."""

import os

# Read when the tests are collected, before the fixtures empty the environment.
_PREFIX = "OPENROUTER_NB_PYTHON_"
_INTERPRETERS = {name: path for name, path in os.environ.items() if name.startswith(_PREFIX)}


def interpreter(group: str) -> str:
    """Return the path of the interpreter of a group.

    Raises:
        RuntimeError: there is none.
    """
    variable = f"{_PREFIX}{group.upper().replace('-', '_')}"
    if path := _INTERPRETERS.get(variable):
        return path
    raise RuntimeError(
        f"no environment of the dependency group `{group}`: `make test` and `make frontends` create it and name its"
        f" interpreter in {variable}"
    )
