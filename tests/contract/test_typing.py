"""The typed example names everything, so that mypy proves of each parameter and field that an editor knows it."""

import re
from pathlib import Path

import pytest

from openrouter_nb import components
from openrouter_nb.parameters import PARAMETERS

EXAMPLES = Path(__file__).resolve().parents[1] / "typing"
TEXT = "".join(path.read_text(encoding="utf-8") for path in sorted(EXAMPLES.glob("*.py")))
RECEIVED = [
    "ChatResult",
    "ChatChoice",
    "ChatAssistantMessage",
    "ChatToolCall",
    "ChatToolCallFunction",
    "ChatUsage",
]
VIEWS = ["ChatStreamChunk", "ChatStreamChoice", "ChatStreamDelta", "ChatStreamToolCall"]


@pytest.mark.parametrize("name", PARAMETERS)
def test_every_parameter_is_in_the_typed_example(name):
    assert re.search(rf"^        {name}=", TEXT, re.MULTILINE)
    assert name == "stream" or name in components.ChatRequestTypedDict.__annotations__


@pytest.mark.parametrize("kind", RECEIVED + VIEWS)
def test_every_field_of_the_answer_is_in_the_typed_example(kind):
    model = getattr(components, kind)
    assert [name for name in model.model_fields if not re.search(rf"\.{name}\b", TEXT)] == []
