"""`langchain-openrouter` runs on this client instead of OpenRouter's SDK.

Source: github.com/langchain-ai/langchain, libs/partners/openrouter (package langchain-openrouter 0.2.9). It imports `openrouter`,
so a program in a separate process puts this package there first.
"""

import json
import subprocess
import sys

import pytest

from openrouter_nb.simulator import Simulator

PROGRAM = '''
import asyncio
import importlib
import json
import sys

import openrouter_nb

sys.modules["openrouter"] = openrouter_nb
for name in ("components", "errors", "operations", "types", "utils"):
    sys.modules[f"openrouter.{name}"] = importlib.import_module(f"openrouter_nb.{name}")

from langchain_openrouter import ChatOpenRouter
from pydantic import BaseModel

OPTIONS = {"api_key": "sk-or-v1-sentinel5f1e9ac04b7", "base_url": sys.argv[1], "app_title": "Program"}


class City(BaseModel):
    name: str
    population: int


def get_weather(city: str) -> str:
    """Return the weather."""
    return "sunny"


def model(name, **options):
    return ChatOpenRouter(model=name, **OPTIONS, **options)


def joined(chunks):
    whole = chunks[0]
    for chunk in chunks[1:]:
        whole += chunk
    return {
        "content": whole.content,
        "reasoning": whole.additional_kwargs.get("reasoning_content"),
        "tokens": whole.usage_metadata["total_tokens"],
        "chunks": len(chunks),
        "finish_reason": whole.response_metadata["finish_reason"],
    }


def invoke():
    answer = model("demo/parrot", temperature=0.5, openrouter_provider={"zdr": True}).invoke("Say hello.")
    return {"content": answer.content, "tokens": answer.usage_metadata["total_tokens"]}


def stream():
    return joined(list(model("demo/reasoner").stream("Why?")))


def ainvoke():
    return {"content": asyncio.run(model("demo/parrot").ainvoke("Say hello.")).content}


def astream():
    async def collect():
        return [chunk async for chunk in model("demo/reasoner").astream("Why?")]

    return joined(asyncio.run(collect()))


def tools():
    bound = model("demo/tools").bind_tools([get_weather])
    [call] = bound.invoke("What is the weather in Lima?").tool_calls
    chunks = list(bound.stream("What is the weather in Lima?"))
    whole = chunks[0]
    for chunk in chunks[1:]:
        whole += chunk
    [streamed] = whole.tool_calls
    return {"name": call["name"], "args": call["args"], "streamed": streamed["args"]}


def structured_output():
    answer = model("demo/structured").with_structured_output(City, method="json_schema").invoke("Lima")
    assert isinstance(answer, City)
    return answer.model_dump()


def errors():
    try:
        model("demo/error-402").invoke("Hi")
    except openrouter_nb.errors.PaymentRequiredResponseError as error:
        return {"status": error.status_code}


calls = (invoke, stream, ainvoke, astream, tools, structured_output, errors)
print(json.dumps({call.__name__: call() for call in calls}))
'''


@pytest.fixture(scope="module")
def ran():
    """The results of all calls, and the requests that arrived."""
    with Simulator() as simulator:
        command = [sys.executable, "-W", "ignore", "-c", PROGRAM, simulator.base_url]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout.splitlines()[-1]), simulator.requests


THOUGHT = "After some simulated thought: **42**."


@pytest.mark.parametrize("name", ["stream", "astream"])
def test_streams(ran, name):
    result = ran[0][name]
    assert result["content"].startswith(THOUGHT)
    assert result["reasoning"]
    assert result["tokens"] > 10
    assert result["chunks"] > 10
    assert result["finish_reason"] == "stop"


def test_whole_answers(ran):
    assert ran[0]["invoke"] == {"content": "Say hello.", "tokens": 10}
    assert ran[0]["ainvoke"] == {"content": "Say hello."}
    assert ran[0]["structured_output"] == {"name": "simulated", "population": 42}
    assert ran[0]["errors"] == {"status": 402}


def test_tool_calls(ran):
    assert ran[0]["tools"] == {"name": "get_weather", "args": {"city": "Lima"}, "streamed": {"city": "Lima"}}


def test_the_requests_are_those_of_the_sdk(ran):
    requests = ran[1]
    first, second = requests[0], requests[1]
    assert first.body == {
        "model": "demo/parrot",
        "messages": [{"role": "user", "content": "Say hello."}],
        "temperature": 0.5,
        "provider": {"zdr": True},
        "stream": False,
    }
    assert second.body["stream"] is True
    assert second.body["stream_options"] == {"include_usage": True}
    assert {request.headers["x-title"] for request in requests} == {"Program"}
    assert {request.headers["authorization"] for request in requests} == {
        "Bearer sk-or-v1-sentinel5f1e9ac04b7"
    }
