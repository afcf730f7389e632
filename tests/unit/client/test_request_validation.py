"""What is refused before it is sent, with the path, the bound and the nearest word; and what is let through."""

import sys

import pytest

from openrouter_nb import components
from openrouter_nb.client.request_body import build_body
from openrouter_nb.errors import ConfigurationError

HI = {"role": "user", "content": "Hi"}


def refusal(**given):
    with pytest.raises(ConfigurationError) as caught:
        build_body({"messages": [HI], **given}, stream=False)
    sentence = str(caught.value)
    assert sentence.endswith(" Nothing was sent.")
    return sentence.removesuffix(" Nothing was sent.")


def passes(**given):
    body = build_body({"messages": [HI], **given}, stream=False)
    assert body == {"messages": [HI], **given, "stream": False}


@pytest.mark.parametrize(
    ("message", "said"),
    [
        ("Hi", "messages[1] takes an object, not 'Hi'."),
        ({"content": "Hi"}, "messages[1].role is missing."),
        ({"rol": "user", "content": "Hi"}, "messages[1].role is missing. Is it 'rol'?"),
        (
            {"role": "usr", "content": "Hi"},
            "messages[1].role takes system, developer, user, assistant, tool, not 'usr'. Did you mean 'user'?",
        ),
        (
            {"role": "function", "content": "Hi"},
            "messages[1].role takes system, developer, user, assistant, tool, not 'function'.",
        ),
        ({"role": "user"}, "messages[1].content is missing."),
        ({"role": "user", "content": None}, "messages[1].content is missing."),
        ({"role": "user", "contents": "Hi"}, "messages[1].content is missing. Is it 'contents'?"),
        ({"role": "user", "content": 5}, "messages[1].content takes text or a list, not 5."),
        ({"role": "user", "content": "Hi", "name": 5}, "messages[1].name takes text, not 5."),
        (
            {"role": "system", "content": {"type": "text"}},
            "messages[1].content takes a list, not {'type': 'text'}.",
        ),
        ({"role": "user", "content": ["Hi"]}, "messages[1].content[0] takes an object, not 'Hi'."),
        ({"role": "user", "content": [{"text": "Hi"}]}, "messages[1].content[0].type is missing."),
        ({"role": "user", "content": [{"type": "text"}]}, "messages[1].content[0].text is missing."),
        (
            {
                "role": "user",
                "content": [{"type": "text", "text": "a"}, {"type": "image_url", "image_url": "data:,"}],
            },
            "messages[1].content[1].image_url takes an object, not 'data:,'.",
        ),
        (
            {"role": "user", "content": [{"type": "image_url", "image_url": {"uri": "data:,"}}]},
            "messages[1].content[0].image_url.url is missing. Is it 'uri'?",
        ),
        (
            {
                "role": "user",
                "content": [
                    {
                        "type": "input_audio",
                        "input_audio": {"data": "data:audio/wav;base64,AA==", "format": "wav"},
                    }
                ],
            },
            "messages[1].content[0].input_audio.data takes plain base64, not a URL or a data URL.",
        ),
        (
            {"role": "user", "content": [{"type": "input_audio", "input_audio": {"data": "AA=="}}]},
            "messages[1].content[0].input_audio.format is missing.",
        ),
        (
            {"role": "user", "content": [{"type": "file", "file": "a.pdf"}]},
            "messages[1].content[0].file takes an object, not 'a.pdf'.",
        ),
        (
            {"role": "developer", "content": [{"type": "image_url", "image_url": {"url": "data:,"}}]},
            "messages[1].content[0].type takes text in this role, not 'image_url'.",
        ),
        ({"role": "tool", "content": "3"}, "messages[1].tool_call_id is missing."),
        ({"role": "tool", "content": "3", "tool_call_id": 1}, "messages[1].tool_call_id takes text, not 1."),
        (
            {
                "role": "assistant",
                "tool_calls": [{"id": "1", "function": {"name": "f", "arguments": {"a": 1}}}],
            },
            "messages[1].tool_calls[0].function.arguments takes text, not {'a': 1}.",
        ),
        ({"role": "assistant", "tool_calls": {}}, "messages[1].tool_calls takes a list, not {}."),
        (
            {"role": "assistant", "reasoning_details": "x"},
            "messages[1].reasoning_details takes a list, not 'x'.",
        ),
    ],
)
def test_messages(message, said):
    assert refusal(messages=[HI, message]) == said


@pytest.mark.parametrize(
    "message",
    [
        {"role": "assistant"},
        {"role": "assistant", "content": None, "tool_calls": []},
        {"role": "assistant", "tool_calls": [{"index": 0, "function": {"name": "f", "arguments": None}}]},
        {"role": "user", "content": ""},
        {"role": "user", "content": []},
        {"role": "user", "content": [{"type": "a newer part"}], "novel": 1},
        {"role": "system", "content": [{"type": "a newer part"}]},
        {
            "role": "tool",
            "content": [{"type": "image_url", "image_url": {"url": "data:,"}}],
            "tool_call_id": "",
            "name": "f",
        },
        {"role": "user", "content": [{"type": "file", "file": {}}]},
        {"role": "user", "content": "Hi", "name": None},
    ],
)
def test_messages_that_the_service_may_take(message):
    passes(messages=[message])


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"models": "a/b"}, "models takes a list, not 'a/b'."),
        ({"models": ["a"] * 4}, "models takes at most 3 items, not 4."),
        ({"metadata": {str(n): "" for n in range(17)}}, "metadata takes at most 16 pairs, not 17."),
        ({"metadata": {"k" * 65: ""}}, "metadata takes keys of at most 64 characters, not 65."),
        ({"metadata": {"k": "v" * 513}}, "metadata.k takes at most 512 characters, not 513."),
        ({"metadata": {"two words": 1}}, "metadata['two words'] takes text, not 1."),
        ({"metadata": []}, "metadata takes an object, not []."),
        ({"logit_bias": {"5": 100.5}}, "logit_bias['5'] takes -100 to 100, not 100.5."),
        ({"logit_bias": {"hello": 5}}, "logit_bias takes token ids, such as 50256, not 'hello'."),
        ({"logit_bias": {"-5": 5}}, "logit_bias takes token ids, such as 50256, not '-5'."),
        ({"logit_bias": {"5.0": 5}}, "logit_bias takes token ids, such as 50256, not '5.0'."),
        ({"logit_bias": {" 5": 5}}, "logit_bias takes token ids, such as 50256, not ' 5'."),
        ({"logit_bias": {"": 5}}, "logit_bias takes token ids, such as 50256, not ''."),
        ({"logit_bias": {True: 5}}, "logit_bias takes token ids, such as 50256, not True."),
        ({"logit_bias": {"5": "1"}}, "logit_bias['5'] takes a number, not '1'."),
        (
            {"reasoning": {"effort": "low", "max_tokens": 1}},
            "reasoning takes effort or max_tokens, not both.",
        ),
        ({"reasoning": {"exclude": "yes"}}, "reasoning.exclude takes true or false, not 'yes'."),
        ({"reasoning": {"max_tokens": 1.5}}, "reasoning.max_tokens takes a whole number, not 1.5."),
        ({"reasoning": "low"}, "reasoning takes an object, not 'low'."),
        (
            {"reasoning": {"effort": "low"}, "reasoning_effort": "high"},
            "reasoning_effort must equal reasoning.effort, 'low', not 'high'.",
        ),
        ({"response_format": {}}, "response_format.type is missing."),
        ({"response_format": "json_object"}, "response_format takes an object, not 'json_object'."),
        ({"response_format": {"type": "json_schema"}}, "response_format.json_schema is missing."),
        (
            {"response_format": {"type": "json_schema", "schema": {}}},
            "response_format.json_schema is missing. Is it 'schema'?",
        ),
        (
            {"response_format": {"type": "json_schema", "json_schema": {"name": "a b"}}},
            "response_format.json_schema.name takes letters, digits, _ and -, not 'a b'.",
        ),
        ({"response_format": {"type": "grammar"}}, "response_format.grammar is missing."),
        ({"tools": {}}, "tools takes a list, not {}."),
        ({"tools": [{"function": {"name": "f"}}]}, "tools[0].type is missing."),
        ({"tools": [{"type": "function", "name": "f"}]}, "tools[0].function is missing."),
        (
            {
                "tools": [
                    {"type": "function", "function": {"name": "f"}},
                    {"type": "function", "function": {"name": "a" * 65}},
                ]
            },
            "tools[1].function.name takes at most 64 characters, not 65.",
        ),
        (
            {"tools": [{"type": "function", "function": {"name": "a.b"}}]},
            "tools[0].function.name takes letters, digits, _ and -, not 'a.b'.",
        ),
        (
            {"tools": [{"type": "function", "function": {"name": ""}}]},
            "tools[0].function.name is empty.",
        ),
        (
            {"tools": [{"type": "function", "function": {"name": "f", "parameters": []}}]},
            "tools[0].function.parameters takes an object, not [].",
        ),
        (
            {"tools": [{"type": "openrouter:web_search", "parameters": {"max_results": 26}}]},
            "tools[0].parameters.max_results takes 1 to 25, not 26.",
        ),
        (
            {"tools": [{"type": "web_search", "allowed_domains": ["a"], "excluded_domains": ["b"]}]},
            "tools[0] takes allowed_domains or excluded_domains, not both.",
        ),
        (
            {"tools": [{"type": "openrouter:subagent", "parameters": {"inherit_functions": True}}]},
            "tools[0].parameters.inherit_functions works with the Responses API only.",
        ),
        (
            {"tools": [{"type": "openrouter:fusion", "parameters": {"analysis_models": []}}]},
            "tools[0].parameters.analysis_models takes 1 to 8 items, not 0.",
        ),
        (
            {"tools": [{"type": "openrouter:advisor", "parameters": {"name": "a/b"}}]},
            "tools[0].parameters.name takes letters, digits, spaces, _ and -, not 'a/b'.",
        ),
        ({"tool_choice": {"type": "function"}}, "tool_choice.function is missing."),
        ({"tool_choice": 1}, "tool_choice takes text or an object, not 1."),
        ({"plugins": {"id": "web"}}, "plugins takes a list, not {'id': 'web'}."),
        ({"plugins": [{"enabled": True}]}, "plugins[0].id is missing."),
        (
            {"plugins": [{"id": "auto-router", "cost_quality_tradeoff": 11}]},
            "plugins[0].cost_quality_tradeoff takes 0 to 10, not 11.",
        ),
        (
            {"plugins": [{"id": "pareto-router", "min_coding_score": 1.1}]},
            "plugins[0].min_coding_score takes 0 to 1, not 1.1.",
        ),
        (
            {"plugins": [{"id": "fusion", "max_tool_calls": 17}]},
            "plugins[0].max_tool_calls takes 1 to 16, not 17.",
        ),
        ({"provider": {"srot": "price"}}, "provider has no key 'srot'. Did you mean 'sort'?"),
        ({"provider": {"zzz": 1}}, "provider has no key 'zzz'."),
        ({"provider": {"order": "openai"}}, "provider.order takes a list, not 'openai'."),
        ({"provider": {"only": [1]}}, "provider.only[0] takes text, not 1."),
        ({"provider": {"zdr": "yes"}}, "provider.zdr takes true or false, not 'yes'."),
        ({"provider": {"max_price": {"prompt": -1}}}, "provider.max_price.prompt takes 0 or more, not -1."),
        (
            {"provider": {"preferred_max_latency": {"p50": "fast"}}},
            "provider.preferred_max_latency.p50 takes a number, not 'fast'.",
        ),
        ({"provider": {"sort": 1}}, "provider.sort takes text or an object, not 1."),
        ({"stop_server_tools_when": []}, "stop_server_tools_when takes a list of at least 1."),
        (
            {"stop_server_tools_when": [{"type": "has_tool_call", "tool_name": ""}]},
            "stop_server_tools_when[0].tool_name is empty.",
        ),
        ({"modalities": "text"}, "modalities takes a list, not 'text'."),
        ({"prediction": {"type": "content"}}, "prediction.content is missing."),
        ({"cache_control": {"ttl": "5m"}}, "cache_control.type is missing."),
        ({"debug": True}, "debug takes an object, not True."),
    ],
)
def test_fields(given, said):
    assert refusal(**given) == said


@pytest.mark.parametrize(
    "given",
    [
        {"plugins": [{"id": "novel", "a": 1}, {"id": "web", "novel": 1}]},
        {
            "tools": [
                {"type": "openrouter:novel"},
                {"type": "function", "function": {"name": "f", "novel": 1}, "novel": 1},
            ]
        },
        {"tools": [{"type": "function", "function": {"name": "f", "strict": None, "description": None}}]},
        {"response_format": {"type": "novel"}},
        {"tool_choice": "novel"},
        {"tool_choice": {"type": "openrouter:web_search"}},
        {"stop_server_tools_when": [{"type": "novel"}]},
        {"modalities": ["text", "novel"]},
        {"reasoning": {"effort": "novel", "max_tokens": None, "novel": 1}},
        {"reasoning": {"effort": "low"}, "reasoning_effort": "low"},
        {"provider": None},
        {
            "provider": {
                "sort": {"by": "novel"},
                "max_price": {"prompt": 1, "completion": "2", "novel": 3},
                "order": None,
            }
        },
        {
            "provider": {
                "options": {"anthropic": {"a": 1}},
                "preferred_min_throughput": 5,
                "preferred_max_latency": {"p50": None},
            }
        },
        {"logit_bias": {}, "metadata": {}},
        {"logit_bias": {"50256": -100, 0: 100, 11: 0.5}},
        {"logprobs": True, "top_logprobs": 0},
        {"image_config": {"a": [1]}},
        {"x_search_filter": {"allowed_x_handles": ["a"], "excluded_x_handles": ["b"]}},
    ],
)
def test_what_the_service_may_take_is_let_through(given):
    passes(**given)


def test_models_are_checked_as_dicts_are():
    tool = components.ChatFunctionToolFunction(
        function=components.ChatFunctionToolFunctionFunction(name="a b")
    )
    assert refusal(tools=[tool]) == "tools[0].function.name takes letters, digits, _ and -, not 'a b'."
    preferences = components.ProviderPreferences(srot="price")
    assert refusal(provider=preferences) == "provider has no key 'srot'. Did you mean 'sort'?"


def test_what_is_in_extra_body_is_the_callers_own_affair():
    body = build_body(
        {"messages": [HI], "extra_body": {"provider": {"novel": 1}, "top_logprobs": 99}}, stream=False
    )
    assert body["provider"] == {"novel": 1}


def test_a_message_about_a_value_shows_no_key():
    for given in (
        {"metadata": {"k": ["sk-or-v1-0123456789"]}},
        {"metadata": {"sk-or-v1-0123456789" + "x" * 50: ""}},
        {"messages": [{"role": "sk-or-v1-0123456789", "content": ""}]},
        {"provider": {"sk-or-v1-0123456789": 1}},
        {"messages": [{"role": "user", "sk-or-v1-contents": ""}]},
    ):
        assert "sk-or" not in refusal(**given)


def test_what_checks_cost_grows_with_the_messages_and_not_with_their_text():
    """Counted, because a shared machine says nothing of time."""

    def calls(messages):
        count = 0

        def tick(_frame, event, _arg):
            nonlocal count
            count += event in ("call", "c_call")

        sys.setprofile(tick)
        try:
            build_body({"messages": messages}, stream=True)
        finally:
            sys.setprofile(None)
        return count

    few, many, long = (
        calls([HI, {"role": "assistant", "content": "x" * size}] * number)
        for number, size in ((100, 10), (1000, 10), (100, 100_000))
    )
    assert many < 10.5 * few
    assert long <= few
    assert few < 100 * 200
