"""The marker `frontend` for tests that run in JupyterLab, in Notebook 7, and in JupyterLab with jupyter-collaboration."""

import pytest

PLACES = {"lab": "JupyterLab", "notebook": "Notebook 7", "shared": "jupyter-collaboration"}


def in_each(*aspects: str) -> pytest.MarkDecorator:
    """Run a test in all three, as the evidence for these columns of `docs/frontends.md`."""
    servers = [
        pytest.param(app, marks=pytest.mark.frontend(place, *aspects)) for app, place in PLACES.items()
    ]
    return pytest.mark.parametrize("server", servers, indirect=True)
