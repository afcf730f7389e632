"""The examples of the documentation run, and say what they say."""

import doctest
import importlib

import pytest


@pytest.mark.parametrize(
    "name", ["answer_stream", "asking", "chat", "comparison", "run_tools", "tools.define"]
)
def test_every_example_runs(name):
    module = importlib.import_module(f"openrouter_nb.conversation.{name}")
    outcome = doctest.testmod(module, optionflags=doctest.NORMALIZE_WHITESPACE)
    assert outcome.attempted > 0
    assert outcome.failed == 0
