"""What a playground keeps: the traffic, the history, presets; and that no page ever hears the key."""

import json
import os

import pytest

KEY = "sk-or-v1-5e1f5e1f5e1f5e1f5e1f5e1f"


@pytest.fixture(autouse=True)
def presets(tmp_path, monkeypatch):
    monkeypatch.setenv("OPENROUTER_NB_PRESETS", str(tmp_path / "presets"))
    return tmp_path / "presets"


def test_the_raw_view_shows_what_was_sent_and_what_came(panel, sent):
    _, page = panel("demo/parrot", debug={"echo_upstream_body": True}, temperature=0.3)
    page.tell("submit", text="One two three")
    page.ended()
    raw = page.ask("raw", item=page.last_item())
    assert raw["request"] == sent()[-1]
    assert raw["upstream"][0]["temperature"] == 0.3
    pieces = [json.loads(chunk) for chunk in raw["chunks"]]
    assert "".join(p["choices"][0]["delta"].get("content") or "" for p in pieces if p["choices"]) == (
        "One two three"
    )
    assert raw["dropped"] == 0
    assert raw["headers"]["content-type"].startswith("text/event-stream")
    times = [event["at_ms"] for event in raw["timeline"]]
    assert times == sorted(times)
    assert len(times) >= 3


def test_the_raw_view_has_a_refused_request_too_without_account_and_key(panel, sent):
    playground, page = panel("demo/error-401")
    playground.settings = {"max_retries": 0}
    page.tell("submit", text="Hi")
    page.ended()
    assert page.texts() == [("user", "Hi")]
    raw = page.ask("raw", item=None, column=page.column()["id"])
    assert raw["request"] == sent()[-1]
    (body,) = raw["chunks"]
    assert json.loads(body)["error"]["message"] == "User not found. (simulated)"
    assert "user_simulator" not in json.dumps(raw)
    assert raw["headers"]["content-type"] == "application/json"
    assert raw["timeline"][-1]["what"] == "failed: The API key was not accepted"


def test_the_raw_view_of_a_long_answer_is_bounded_and_says_so(panel):
    _, page = panel("demo/firehose")
    page.tell("submit", text="Go")
    page.ended()
    raw = page.ask("raw", item=page.last_item())
    assert len(raw["chunks"]) == 2_000
    assert raw["dropped"] > 0


def test_the_history_has_a_row_for_every_request_and_what_it_cost(panel):
    playground, page = panel("demo/parrot")
    playground.settings = {"max_retries": 0}
    page.tell("submit", text="One")
    page.ended()
    page.op("set_model", column=page.column()["id"], model="demo/error-402")
    page.tell("submit", text="Two")
    page.ended()
    answered, failed = page.ask("history")["calls"]
    assert (answered["prompt"], answered["end"], answered["model"]) == ("One", "complete", "demo/parrot")
    assert answered["cost"] == playground.cost > 0
    assert failed["prompt"] == "Two"
    assert failed["end"] == page.column()["banner"]["title"]
    assert failed["cost"] is None


def test_the_probabilities_of_an_answer_can_be_asked_for(panel):
    _, page = panel("demo/logprobs", logprobs=True, top_logprobs=2)
    page.tell("submit", text="Hi")
    page.ended()
    found = page.ask("logprobs", item=page.last_item())
    assert found["note"] == ""
    assert "".join(token["token"] for token in found["tokens"]) == page.texts()[-1][1]
    assert all(token["logprob"] <= 0 and token["top"] for token in found["tokens"])


def test_where_there_are_no_probabilities_it_says_so(panel):
    _, page = panel("demo/parrot")
    page.tell("submit", text="Hi")
    page.ended()
    assert "no log probabilities" in page.ask("logprobs", item=page.last_item())["note"]


def test_a_preset_is_a_file_to_read_and_brings_everything_back(panel, presets):
    playground, page = panel(["demo/parrot", "demo/echo"], system="Be kind.", temperature=0.2, seed=None)
    playground.settings = {"max_retries": 1}
    assert page.op("preset_save", name="Kind parrot") == ""
    kept = json.loads((presets / "Kind parrot.json").read_text())
    assert kept["params"] == {"temperature": 0.2, "seed": None}
    assert kept["models"] == ["demo/parrot", "demo/echo"]

    other, page = panel("demo/tour", messages=[{"role": "user", "content": "Hi"}], top_p=0.5)
    assert other.presets == ["Kind parrot"]
    assert page.op("preset_load", name="Kind parrot") == ""
    assert other.params == {"temperature": 0.2, "seed": None}
    assert other.models == ["demo/parrot", "demo/echo"]
    assert other.settings == {"max_retries": 1}
    assert [message["content"] for message in other.messages] == ["Be kind.", "Hi"]


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("knd", None, "'kind'"),
        ("../kind", None, "letters, digits"),
        ("broken", "{", "cannot be read"),
        ("other", '{"params": {"temprature": 1}}', "'temperature'"),
        ("list", "[]", "is not a preset"),
        ("deep", '{"params":' * 100_000, "nested more than 200 levels"),
        ("bomb", '{"params": [' + "[]," * 700_000 + "0]}", "more than 600000 brackets"),
        ("large", " " * 20_000_000, "20 MB; 16 are allowed"),
    ],
)
def test_a_preset_that_cannot_be_taken_changes_nothing(panel, presets, name, content, words):
    playground, page = panel("demo/parrot", temperature=0.2)
    page.op("preset_save", name="kind")
    if content is not None:
        (presets / f"{name}.json").write_text(content)
    assert words in page.op("preset_load", name=name)
    assert playground.params == {"temperature": 0.2}


@pytest.mark.parametrize("name", ["CON", "nul", "Aux.v2", "com1", "LPT9 .x"])
def test_a_preset_has_no_name_of_a_device_of_windows(panel, name):
    playground, page = panel("demo/parrot")
    assert "such as CON or NUL" in page.op("preset_save", name=name)
    for other in ("console", "Auxiliary", "com", "my nul"):
        assert page.op("preset_save", name=other) == ""
    assert playground.presets == ["Auxiliary", "com", "console", "my nul"]


@pytest.mark.parametrize("refusals", [3, 1_000])
def test_a_preset_that_another_program_reads_is_replaced_a_moment_later(
    panel, presets, monkeypatch, refusals
):
    """Windows refuses to replace a file that another process has open."""
    playground, page = panel("demo/parrot")
    page.op("preset_save", name="kind")
    left, replace = refusals, os.replace

    def refusing(*paths):
        nonlocal left
        left -= 1
        if left >= 0:
            raise PermissionError(13, "The process cannot access the file")
        replace(*paths)

    monkeypatch.setattr(os, "replace", refusing)
    playground.model = "demo/echo"
    problem = page.op("preset_save", name="kind")
    assert ("The process cannot access the file" in problem) == (left > 0)
    saved = json.loads((presets / "kind.json").read_bytes())["models"]
    assert saved == (["demo/parrot"] if problem else ["demo/echo"])
    assert [path.name for path in presets.iterdir()] == ["kind.json"]


def test_a_preset_is_removed(panel, presets):
    playground, page = panel("demo/parrot")
    page.op("preset_save", name="kind")
    assert page.op("preset_delete", name="kind") == ""
    assert list(presets.iterdir()) == []
    assert playground.presets == []


def test_the_extra_body_says_what_it_replaces(panel, sent):
    playground, page = panel("demo/parrot", temperature=0.2, extra_body={"temperature": 0.9, "newer": 1})
    (warning,) = [entry for entry in page.state["problems"] if entry["field"] == "extra_body"]
    assert warning["level"] == "warning"
    assert "temperature" in warning["message"]
    page.tell("submit", text="Hi")
    page.ended()
    assert (sent()[-1]["temperature"], sent()[-1]["newer"]) == (0.9, 1)
    assert playground.params["temperature"] == 0.2


@pytest.mark.parametrize("value", ['{"a', [1], 5])
def test_an_extra_body_of_another_type_is_a_problem_and_the_panel_goes_on(panel, sent, value):
    _, page = panel("demo/parrot")
    assert page.op("set_param", name="extra_body", value=value) == ""
    (problem,) = [entry for entry in page.state["problems"] if entry["field"] == "extra_body"]
    assert problem["level"] == "error"
    with pytest.raises(AssertionError, match="extra_body takes an object of fields"):  # of the reply
        page.ask("code", format="httpx")
    assert page.op("set_param", name="extra_body", value={"newer": 1}) == ""
    page.tell("submit", text="Hi")
    page.ended()
    assert sent()[-1]["newer"] == 1


def test_no_page_hears_the_key(panel, monkeypatch):
    monkeypatch.setenv("OPENROUTER_API_KEY", KEY)
    playground, page = panel("demo/parrot")
    page.tell("submit", text="Hi")
    page.ended()
    for format_ in ("chat", "openrouter_nb", "openrouter", "openai", "httpx", "typescript", "curl"):
        page.ask("code", format=format_)
    for word in ("request", "history", "models"):
        page.ask(word)
    page.ask("raw", item=page.last_item())
    heard = json.dumps([page.state, [content for content, _ in page.messages]], default=repr)
    assert "$OPENROUTER_API_KEY" in heard
    assert KEY not in heard
    assert KEY[9:] not in heard
    assert KEY not in repr(playground.trait_values())
