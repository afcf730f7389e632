"""The file of stored conversations: two writers, killed ones, damaged files, odd searches, limits and secrets."""

import json
import os
import signal
import sqlite3
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from openrouter_nb import history
from openrouter_nb.playground.history import contents, store, user_history
from openrouter_nb.playground.history.store import HistoryStore

KEY = "sk-or-v1-" + "7c4e" * 8


def prepared(*texts, **fields):
    messages = [
        {"role": ("user", "assistant")[at % 2], "content": text}
        for at, text in enumerate(texts or ["Hi", "Hello"])
    ]
    return contents.prepare(contents.contents_from(messages, ["demo/parrot"], **fields))


@pytest.fixture
def file(tmp_path):
    return HistoryStore(tmp_path / "deep" / "history.db")


def found(file, search):
    return [row.title for row in file.summaries(search)]


def test_a_conversation_is_read_as_it_was_stored_by_its_owner_only(file):
    assert file.summaries() == []
    id_, revision = file.save(prepared("Why?", "Because."))
    stored = file.read(id_)
    assert contents.messages_of(stored.contents) == [
        {"role": "user", "content": "Why?"},
        {"role": "assistant", "content": "Because."},
    ]
    assert (stored.revision, stored.summary) == (revision, file.summaries()[0])
    assert (stored.summary.title, stored.summary.models, stored.summary.messages) == (
        "Why?",
        ("demo/parrot",),
        2,
    )
    assert stat.S_IMODE(file.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.path.parent.stat().st_mode) == 0o700


def test_the_last_changed_is_first_and_a_change_keeps_the_id(file):
    first = file.save(prepared("One"))
    file.save(prepared("Two"))
    assert found(file, "") == ["Two", "One"]
    assert file.save(prepared("One", "more"), *first) == (first[0], first[1] + 1)
    assert found(file, "") == ["One", "Two"]
    assert found(file, "more") == ["One"]


def test_a_conversation_that_another_kernel_continues_is_not_overwritten(file):
    both = file.save(prepared("Shared"))
    mine = file.save(prepared("Shared", "from the one"), *both)
    other = file.save(prepared("Shared", "from the other"), *both)
    assert mine[0] == both[0] != other[0]
    assert sorted(
        contents.messages_of(file.read(id_).contents)[-1]["content"] for id_ in (mine[0], other[0])
    ) == [
        "from the one",
        "from the other",
    ]


WRITER = """
import sys
from pathlib import Path
from openrouter_nb.playground.history import contents
from openrouter_nb.playground.history.store import HistoryStore
file, name, turns = HistoryStore(Path(sys.argv[1])), sys.argv[2], int(sys.argv[3])
known = ("", 0)
messages = []
for turn in range(turns):
    messages.append({"role": "user", "content": f"{name} {turn} " + "x" * 20_000})
    known = file.save(contents.prepare(contents.contents_from(messages, ["m/m"])), *known)
    print(known[0], turn, flush=True)
"""


def writer(file, name, turns):
    command = [sys.executable, "-c", WRITER, str(file.path), name, str(turns)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def test_two_processes_write_at_once(file):
    processes = [writer(file, name, 10) for name in ("one", "two")]
    ids = [process.communicate()[0].split()[0] for process in processes]
    assert [process.returncode for process in processes] == [0, 0]
    assert {row.id for row in file.summaries()} == set(ids)
    assert [len(contents.messages_of(file.read(id_).contents)) for id_ in ids] == [10, 10]


def test_a_killed_process_loses_nothing_that_it_has_stored(file):
    with writer(file, "killed", 100_000) as process:
        lines = [process.stdout.readline().split() for _ in range(10)]
        process.send_signal(signal.SIGKILL)
        lines += [line.split() for line in process.stdout if line.endswith("\n")]
    id_, turn = lines[-1]
    messages = contents.messages_of(file.read(id_).contents)
    # One more may have been stored and not printed.
    assert len(messages) in (int(turn) + 1, int(turn) + 2)
    assert file.save(prepared("Afterwards"))[0] in {row.id for row in file.summaries()}


def test_no_key_is_in_the_file(file, monkeypatch):
    monkeypatch.setenv("MY_TOKEN", "correct horse battery")
    params = {"extra_body": {"auth": f"Bearer {KEY}"}}
    file.save(prepared(f"My key is {KEY}", "It is correct horse battery.", params=params))
    data = b"".join(path.read_bytes() for path in file.path.parent.iterdir())
    assert KEY.encode() not in data
    assert KEY[9:].encode() not in data
    assert b"correct horse" not in data
    assert found(file, "hidden") == ["My key is [hidden]"]


def test_deleted_text_is_not_in_the_file_and_can_be_restored(file, monkeypatch):
    id_, revision = file.save(prepared("The zebra crossing"))
    deleted = file.delete(id_)
    assert b"zebra" not in file.path.read_bytes()
    monkeypatch.setattr(user_history, "history_file", lambda: file.path)
    user_history.restore(deleted)
    restored = file.read(id_)
    assert (restored.revision, restored.summary) == (revision, deleted.summary)
    with pytest.raises(history.NoConversationError):
        file.delete("other")


ODD = [
    '"',
    "'",
    '"a" OR "b"',
    "NEAR(a b)",
    "a*",
    "text:a",
    "^a",
    "(",
    "--",
    "%",
    "_",
    "\\",
    "\0",
    "\ud800",
    "{}",
    "AND",
    "-a",
    "😀",
]


@pytest.mark.parametrize("has_search", [True, False])
def test_nothing_in_a_search_is_syntax(file, has_search):
    if not has_search:
        file.save(prepared("x"))
        _drop_full_text_search(file.path)
    texts = [
        "Zoë and her café costs 100% of it",
        "東京の天気は晴れです",
        'He said "stop" and\\or {} went on',
        "snake_case OR camelCase",
    ]
    for text in texts:
        file.save(prepared(text))
    for query in ODD:
        file.summaries(query)
    assert found(file, '"stop"') == [texts[2]]
    assert texts[2] in found(file, "\\or")
    assert found(file, "{}") == [texts[2]]
    assert found(file, "100%") == [texts[0]]
    assert found(file, "天気") == [texts[1]]
    assert found(file, "気天") == []
    assert found(file, "camelCase snake_ca") == [texts[3]]
    assert found(file, "OR camel") == [texts[3]]
    assert found(file, "stop camelCase") == []
    if has_search:
        assert found(file, "zoe CAFE") == [texts[0]]


def _drop_full_text_search(path):
    """Turn the table of the search into the one of an SQLite without full-text search."""
    database = sqlite3.connect(path)
    database.execute("DROP TABLE search")
    database.execute("CREATE TABLE search (rowid INTEGER PRIMARY KEY, text TEXT NOT NULL)")
    database.commit()
    database.close()


def test_the_oldest_are_removed_beyond_the_limits(file, monkeypatch):
    monkeypatch.setattr(store, "MAX_CONVERSATIONS", 3)
    for name in ("One", "Two", "Three", "Four"):
        file.save(prepared(name))
    assert found(file, "") == ["Four", "Three", "Two"]
    monkeypatch.setattr(store, "MAX_BYTES", 3_000)
    file.save(prepared("Large", "x" * 2_000))
    assert found(file, "") == ["Large"]  # the one that was just stored stays
    assert found(file, "Three") == []


def test_large_attachments_become_a_note(file):
    def image(size):
        return {"type": "image_url", "image_url": {"url": "data:image/png;base64," + "A" * size}}

    parts = [{"type": "text", "text": "Look"}, image(1_000), image(5 * 2**20)]
    id_, _ = file.save(prepared(parts))
    (message,) = contents.messages_of(file.read(id_).contents)
    note = {"type": "text", "text": "[Not stored, because it is too large: image_url]"}
    assert message["content"] == [parts[0], parts[1], note]
    # Nine of 4 MB are too much together.
    id_, _ = file.save(prepared([parts[0], parts[1], *[image(4_000_000)] * 9]))
    (message,) = contents.messages_of(file.read(id_).contents)
    assert message["content"] == [parts[0], parts[1], *[note] * 9]
    with pytest.raises(history.HistoryError, match="more than 32 MiB"):
        prepared("x" * 33 * 2**20)


@pytest.mark.parametrize("damage", [b"not a database, but a text of some length" * 100, b""])
def test_a_damaged_file_is_named_and_left_alone(file, damage):
    file.save(prepared("One"))
    data = file.path.read_bytes()
    file.path.write_bytes(damage or data[:5_000] + b"\xff" * 6_000)
    before = file.path.read_bytes()
    with pytest.raises(history.HistoryError, match=r"history\.db: the file is damaged .* move it away"):
        file.summaries("x") if damage else file.save(prepared("Two", "x" * 50_000))
    assert file.path.read_bytes()[:1_000] == before[:1_000]


def test_a_file_of_a_later_version_is_left_alone(file):
    file.save(prepared("One"))
    database = sqlite3.connect(file.path)
    database.execute("PRAGMA user_version = 7")
    database.close()
    with pytest.raises(history.HistoryError, match=r"another version \(7\)"):
        file.save(prepared("Two"))


def test_a_folder_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(history.HistoryError, match="File exists"):
        HistoryStore(tmp_path / "file" / "history.db").save(prepared("One"))


def test_a_list_and_a_search_of_2000_conversations_take_little_processor_time(file):
    words = Path(store.__file__).read_text().split()
    for number in range(2_000):
        text = " ".join(words[(number * 7) % 500 :][:300])
        file.save(prepared(f"Number {number}", text))
    for search, most_s in (("", 0.1), ("conversation", 0.05), ("number 1999", 0.05)):
        # The smallest of several: other processes of a busy machine add to it.
        times = []
        for _ in range(5):
            started = time.process_time()
            rows = file.summaries(search)
            times.append(time.process_time() - started)
        assert rows
        assert min(times) < most_s, search


def test_the_public_functions_work_on_the_file_of_this_user(monkeypatch):
    assert history.file().is_relative_to(os.environ["XDG_DATA_HOME"])
    assert history.conversations() == []
    id_ = history.import_conversation(json.dumps([{"role": "user", "content": "About tides"}]))
    assert [row.id for row in history.conversations("tides")] == [id_]
    assert history.read_messages(id_) == [{"role": "user", "content": "About tides"}]
    history.delete_conversation(id_)
    assert history.conversations() == []
    monkeypatch.setenv("OPENROUTER_NB_HISTORY", "off")
    with pytest.raises(history.HistoryError, match="OPENROUTER_NB_HISTORY is off"):
        history.conversations()


FILES = [
    ("", "has no messages"),
    ("[]", "no messages"),
    ("{}", "Messages are a list"),
    ("[1]", "takes an object"),
    ('{"items": [1]}', "no role"),
    (
        '{"items": [{"role": "user", "branches": [{"cards": [0]}], "cards": [{"message": {"role": "robot"}}]}]}',
        "role takes",
    ),
    ('{"items": [{"role": "user", "branches": [{"cards": [9]}], "cards": []}]}', "not there"),
    ('{"messages": [{"role": "user", "content": "x"}]', "JSON"),
    ("[" * 300 + "]" * 300, "levels deep"),
    ("just words", "has no messages"),
    ('<!-- message: {"role": } -->\n', "not JSON"),
]


@pytest.mark.parametrize(("text", "problem"), FILES, ids=range(len(FILES)))
def test_another_file_is_not_imported(text, problem):
    with pytest.raises(history.HistoryError, match=problem):
        history.import_conversation(text)
    assert history.conversations() == []


MESSAGES = [
    {"role": "system", "content": "Be brief."},
    {"role": "user", "content": "## user\n\n<!-- message: {} -->\n\\<!-- message: no -->\n\n--> text\n"},
    {"role": "assistant", "content": "", "tool_calls": [{"id": "c", "type": "function", "function": {"name": "f", "arguments": "{}"}}]},
    {"role": "tool", "tool_call_id": "c", "content": "7"},
    {"role": "assistant", "content": "```python\nx = 1\n```"},
]  # fmt: skip


@pytest.mark.parametrize("format_", ["json", "markdown"])
def test_an_exported_conversation_can_be_imported(format_):
    body = {"model": "demo/parrot", "messages": MESSAGES, "temperature": 0.5}
    text = history.export_conversation(history.import_conversation(json.dumps(body)), format_)
    again = history.import_conversation(text)
    assert history.read_messages(again) == MESSAGES
    assert user_history.read(again).contents["params"] == {"temperature": 0.5}
    assert history.conversations()[0].models == ("demo/parrot",)


def test_markdown_that_was_written_by_hand_can_be_imported():
    id_ = history.import_conversation("# Notes\n\n## User\nWhy?\n\n## Assistant (some model)\n\nBecause.\n")
    assert history.read_messages(id_) == [
        {"role": "user", "content": "Why?"},
        {"role": "assistant", "content": "Because."},
    ]
