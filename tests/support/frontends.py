"""The marker `frontend` for tests that run both in JupyterLab and in Notebook 7."""

import pytest

PLACES = {"lab": "JupyterLab", "notebook": "Notebook 7"}


def in_both(*aspects: str) -> pytest.MarkDecorator:
    """Run a test in both, as the evidence for these columns of `docs/frontends.md`."""
    servers = [
        pytest.param(app, marks=pytest.mark.frontend(place, *aspects)) for app, place in PLACES.items()
    ]
    return pytest.mark.parametrize("server", servers, indirect=True)
