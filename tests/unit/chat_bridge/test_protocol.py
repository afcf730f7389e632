"""Messages of pages, which are untrusted."""

import pytest

from openrouter_nb.chat_bridge.protocol import PageMessage, PageMessageError, is_ours, read, reply_message

CHAT = {"openrouter": 1, "kind": "chat", "id": 7, "run": "a-1", "body": "{}"}
DECIDE = {"openrouter": 1, "kind": "decide", "id": 7, "run": "a-1", "call": "call_1", "decision": "run"}


@pytest.mark.parametrize(
    "content",
    [None, [], "chat", {}, {"kind": "chat"}, {"openrouter": True}, {"openrouter": "1"}, {"openrouter": None}],
    ids=str,
)
def test_a_message_without_the_marker_belongs_to_the_author(content):
    assert not is_ours(content)


def test_a_valid_message_has_its_fields():
    assert read(
        {**CHAT, "tools": ["f"], "timeout_ms": 5, "headers": {"x-title": "T"}, "other": 1}
    ) == PageMessage(
        "chat", 7, {"run": "a-1", "body": "{}", "tools": ["f"], "timeout_ms": 5, "headers": {"x-title": "T"}}
    )
    assert read({"openrouter": 1, "kind": "abort", "run": "a-1"}) == PageMessage("abort", 0, {"run": "a-1"})
    assert read({"openrouter": 1, "kind": "models", "id": 2**53}) == PageMessage("models", 2**53)
    assert read({**DECIDE, "value": "x"}).values["value"] == "x"


@pytest.mark.parametrize(
    "content",
    [
        *({**CHAT, "run": run} for run in ("", "A", "a b", "a" * 41, "a\n", 7, None)),
        *({**CHAT, "body": body} for body in (None, {}, b"{}")),
        *({**CHAT, "tools": tools} for tools in ("f", [1], ["f"] * 129, ["f" * 257], None)),
        *({**CHAT, "timeout_ms": ms} for ms in (0, -1, 1.5, True, 86_400_001)),
        *(
            {**CHAT, "headers": headers}
            for headers in ([], {"a": 1}, {"a": "b" * 8_193}, {str(n): "" for n in range(51)})
        ),
        *({**DECIDE, "decision": decision} for decision in ("yes", None, ["run"])),
        {**DECIDE, "call": "c" * 257},
        {**DECIDE, "value": "v" * (2**20 + 1)},
        {**CHAT, "kind": "chart"},
        {**CHAT, "kind": ["chat"]},
        {**CHAT, "kind": "c" * 100_000},
        {name: value for name, value in CHAT.items() if name != "body"},
    ],
    ids=lambda content: str(content)[:120],
)
def test_another_message_is_refused_with_its_id(content):
    with pytest.raises(PageMessageError) as wrong:
        read(content)
    assert wrong.value.id == 7
    assert len(str(wrong.value)) < 500


@pytest.mark.parametrize("id_", [None, -1, 1.0, True, "7", 2**53 + 1])
def test_a_message_without_a_valid_id_is_refused_without_one(id_):
    with pytest.raises(PageMessageError) as wrong:
        read({**CHAT, "id": id_})
    assert wrong.value.id is None


def test_another_version_is_refused_with_both_versions():
    with pytest.raises(PageMessageError, match=r"version 2 .* version 1") as wrong:
        read({**CHAT, "openrouter": 2})
    assert wrong.value.id == 7


def test_messages_to_the_page_have_the_marker():
    assert reply_message(7, None) == {"openrouter": 1, "kind": "reply", "id": 7, "ok": True, "value": None}
