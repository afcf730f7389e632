"""The file of answers: what is found in it, and what is not."""

import asyncio
import errno
import json
import os
import threading

import filelock
import pytest
from support import odd_files

from openrouter_nb.errors import ConfigurationError
from openrouter_nb.replay import file as replay_file
from openrouter_nb.replay.differences import differences
from openrouter_nb.replay.file import ReplayFile
from openrouter_nb.replay.mode import mode_of
from openrouter_nb.replay.path import replay_path
from openrouter_nb.replay.request_key import canonical, key_of, readable

ASKED = {"model": "demo/x", "messages": [{"role": "user", "content": "Hi"}]}
ANSWER = {"choices": [{"message": {"role": "assistant", "content": "Hello"}, "finish_reason": "stop"}]}


def add(file, key, request, answer=None, **failure):
    return asyncio.run(file.add(key, request, answer=answer, **failure))


def test_how_an_answer_travels_does_not_matter_and_neither_does_the_order_of_fields():
    one = canonical({**ASKED, "stream": True, "stream_options": {"include_usage": True}, "temperature": 1.0})
    other = canonical({"temperature": 1, **ASKED, "stream": False})
    assert key_of(one) == key_of(other)
    assert key_of(one) != key_of(canonical({**ASKED, "temperature": 0.5}))
    assert key_of(canonical({**ASKED, "logprobs": True})) != key_of(canonical({**ASKED, "logprobs": 1}))


def test_what_was_added_is_found_by_others(tmp_path):
    path = tmp_path / "a.openrouter.jsonl"
    mine, theirs = ReplayFile(path), ReplayFile(path)
    assert theirs.find("k") is None
    add(mine, "k", ASKED, ANSWER)
    kept = theirs.find("k")
    assert (kept.request, kept.answer) == (ASKED, ANSWER)


@pytest.mark.parametrize("name", ["a", "notebook"])
def test_only_the_notebooks_own_file_is_read(tmp_path, name):
    """Also the one of an unknown notebook, `notebook.openrouter.jsonl`: its neighbours may come from other people."""
    own = ReplayFile(tmp_path / f"{name}.openrouter.jsonl")
    add(ReplayFile(tmp_path / "z.openrouter.jsonl"), "k", ASKED, ANSWER)
    (tmp_path / "b.openrouter.jsonl").write_bytes(b"[" * 1000)
    assert own.find("k") is None
    assert own.nearest(ASKED) is None
    assert own.unreadable == 0


def test_the_newest_answer_counts(tmp_path):
    own = ReplayFile(tmp_path / "a.openrouter.jsonl")
    for model in ("first", "second"):
        add(own, "k", ASKED, {**ANSWER, "model": model})
    assert own.find("k").answer["model"] == "second"


def test_a_line_that_cannot_be_read_is_passed_over_and_counted(tmp_path):
    path = tmp_path / "a.openrouter.jsonl"
    file = ReplayFile(path)
    add(file, "a", ASKED, ANSWER)
    with path.open("ab") as raw:
        raw.write(b'{"v": 1, "key": "b"}\n<<<<<<< HEAD\n[]\n\xff\xfe\n{"v": 2}\n{"v": 1, "key": "half')
    add(file, "c", ASKED, ANSWER)
    assert file.find("a")
    assert file.find("c")
    assert file.find("b") is None
    assert file.unreadable == 6


def test_two_kernels_that_write_at_once_lose_nothing(tmp_path):
    path = tmp_path / "a.openrouter.jsonl"
    long = {**ANSWER, "text": "x" * 100_000}

    def write(name):
        file = ReplayFile(path)
        for number in range(20):
            add(file, f"{name}-{number}", ASKED, long)

    threads = [threading.Thread(target=write, args=(name,)) for name in "abc"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    file = ReplayFile(path)
    assert all(file.find(f"{name}-{number}") for name in "abc" for number in range(20))
    assert file.unreadable == 0


@pytest.mark.parametrize(("code", "is_written"), [(errno.ENOSYS, True), (errno.ENOLCK, False)])
def test_only_a_system_without_locks_writes_without_one(tmp_path, monkeypatch, code, is_written):
    def lock_descriptor(*_, **__):
        raise OSError(code, "no lock")

    monkeypatch.setattr(filelock, "lock_descriptor", lock_descriptor)
    file = ReplayFile(tmp_path / "a.openrouter.jsonl")
    if not is_written:
        with pytest.raises(ConfigurationError, match=r"not recorded: .*: no lock"):
            add(file, "k", ASKED, ANSWER)
    else:
        add(file, "k", ASKED, ANSWER)
    assert (file.find("k") is not None) == is_written


def test_another_process_waits_for_the_lock(tmp_path):
    path = tmp_path / "a.openrouter.jsonl"
    adding = threading.Thread(target=add, args=(ReplayFile(path), "k", ASKED, ANSWER))
    with path.open("a+b") as file:
        filelock.lock_descriptor(file.fileno())
        adding.start()
        adding.join(0.1)
        assert adding.is_alive()
        filelock.unlock_descriptor(file.fileno())
    adding.join()
    assert ReplayFile(path).find("k") is not None


def test_a_lock_that_stays_is_waited_for_two_seconds_without_blocking_the_loop(tmp_path, monkeypatch):
    monkeypatch.setattr(replay_file, "_LOCK_TIMEOUT_S", 0.05)
    path = tmp_path / "a.openrouter.jsonl"
    ticks = []

    async def tick():
        while True:
            ticks.append(1)
            await asyncio.sleep(0)

    async def body():
        ticking = asyncio.ensure_future(tick())
        try:
            await ReplayFile(path).add("k", ASKED, answer=ANSWER)
        finally:
            ticking.cancel()

    with path.open("a+b") as file:
        filelock.lock_descriptor(file.fileno())
        with pytest.raises(ConfigurationError, match=r"not recorded: another process locks a\.openrouter"):
            asyncio.run(body())
        filelock.unlock_descriptor(file.fileno())
    assert len(ticks) > 3
    assert ReplayFile(path).find("k") is None


def test_a_wait_for_the_lock_can_be_cancelled(tmp_path):
    path = tmp_path / "a.openrouter.jsonl"

    async def body():
        adding = asyncio.ensure_future(ReplayFile(path).add("k", ASKED, answer=ANSWER))
        await asyncio.sleep(0.01)
        adding.cancel()
        with pytest.raises(asyncio.CancelledError):
            await adding

    with path.open("a+b") as file:
        filelock.lock_descriptor(file.fileno())
        asyncio.run(body())
        filelock.unlock_descriptor(file.fileno())
    assert ReplayFile(path).find("k") is None


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="POSIX only")
@pytest.mark.parametrize("make", [odd_files.pipe, odd_files.device])
def test_what_is_not_a_file_is_not_written(tmp_path, make):
    path = tmp_path / "a.openrouter.jsonl"
    make(path)
    with pytest.raises(ConfigurationError, match="not recorded: "):
        add(ReplayFile(path), "k", ASKED, ANSWER)


def test_what_looks_like_a_key_is_not_written(tmp_path):
    path = tmp_path / "a.openrouter.jsonl"
    said = {**ASKED, "messages": [{"role": "user", "content": "My key is sk-or-v1-0123456789abcdef"}]}
    with pytest.raises(ConfigurationError, match="API key"):
        add(ReplayFile(path), "k", said, ANSWER)
    assert not path.exists()


def test_a_file_that_cannot_be_written_is_said(tmp_path):
    (tmp_path / "taken").write_text("")
    with pytest.raises(ConfigurationError, match="not recorded"):
        add(ReplayFile(tmp_path / "taken" / "a.openrouter.jsonl"), "k", ASKED, ANSWER)


def test_a_picture_is_written_as_its_size_and_hash():
    url = "data:image/png;base64," + "A" * 5000
    shown = readable({"messages": [{"content": [{"image_url": {"url": url}}, {"text": "word " * 1000}]}]})
    first, second = shown["messages"][0]["content"]
    assert "5,022 characters, sha256" in first["image_url"]["url"]
    assert second["text"] == "word " * 1000
    assert len(json.dumps(first)) < 150


def test_an_error_is_kept_until_there_is_an_answer(tmp_path):
    path = tmp_path / "a.openrouter.jsonl"
    failure = {"status": 402, "headers": {}, "body": "{}"}
    add(ReplayFile(path), "k", ASKED, failure=failure)
    assert ReplayFile(path).find("k").failure == failure
    add(ReplayFile(path), "k", ASKED, ANSWER)
    add(ReplayFile(path), "k", ASKED, failure=failure)
    assert ReplayFile(path).find("k").answer == ANSWER
    with path.open("a") as raw:
        raw.write('{"v": 1, "key": "x", "recorded": "", "request": {}, "failure": {"status": 402}}\n')
    file = ReplayFile(path)
    assert file.find("x") is None
    assert file.unreadable == 1


def asked(*texts, **fields):
    messages = [{"role": "user", "content": text} for text in texts]
    return {"model": "demo/x", "messages": messages, **fields}


def test_the_differences_are_those_of_the_nearest_recording():
    recorded = [
        asked("Why is the sky blue?", temperature=1),
        asked("Name a colour.", "Another?"),
        asked("Name a colour."),
    ]
    nearest = {
        "another parameter": (
            asked("Why is the sky blue?", temperature=0.2, seed=1),
            ["seed: nothing → 1", "temperature: 1 → 0.2"],
        ),
        "another model": (asked("Name a colour.", model="demo/y"), ["model: demo/x → demo/y"]),
        "an edited message": (
            asked("Why is the sky green?", temperature=1),
            ["messages[0].content: Why is the sky blue? → Why is the sky green?"],
        ),
        "one more message": (
            asked("Name a colour.", "Another?", "And another?"),
            ['messages[2]: nothing → {"role": "user", "content": "And another?"}'],
        ),
    }
    for request, lines in nearest.values():
        assert differences(request, recorded) == lines
    far = differences(asked("x" * 200 + "1"), [asked("x" * 200 + "2" + "y" * 200)])
    assert far == [f"messages[0].content: …{'x' * 15}2{'y' * 44}… → …{'x' * 15}1"]
    many = differences(asked("a", **{f"p{number}": 1 for number in range(9)}), [asked("a")])
    assert (len(many), many[-1]) == (7, "and 3 more")


@pytest.mark.parametrize(
    ("recorded", "requested", "shown"),
    [
        ("two  spaces", "two spaces", r"'two  spaces' → 'two spaces'"),
        ("the end", "the end\n", r"'the end' → 'the end\n'"),
        ("a\tb", "a\xa0b", r"'a\tb' → 'a\xa0b'"),
    ],
)
def test_a_difference_in_white_space_is_visible(recorded, requested, shown):
    assert differences(asked(requested), [asked(recorded)]) == [f"messages[0].content: {shown}"]


def test_the_differences_show_no_key():
    key = "sk-or-v1-" + "0" * 64
    assert key not in differences(asked(f"My key is {key}"), [asked("Hi")])[0]


def test_the_mode_is_asked_for_or_set_in_the_environment(monkeypatch):
    assert mode_of() == "live"
    monkeypatch.setenv("OPENROUTER_NB_REPLAY", "only")
    assert mode_of() == "only"
    assert mode_of("auto") == "auto"
    with pytest.raises(
        ConfigurationError, match=r"replay takes live, auto, only, not 'atuo'\. Did you mean 'auto'"
    ):
        mode_of("atuo")
    monkeypatch.setenv("OPENROUTER_NB_REPLAY", "yes")
    with pytest.raises(ConfigurationError, match="OPENROUTER_NB_REPLAY takes"):
        mode_of()


def test_the_file_is_beside_the_notebook(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("JPY_SESSION_NAME", raising=False)
    assert replay_path() == tmp_path / "notebook.openrouter.jsonl"
    (tmp_path / "lessons").mkdir()
    monkeypatch.setenv("JPY_SESSION_NAME", str(tmp_path / "lessons" / "one.ipynb"))
    assert replay_path() == tmp_path / "lessons" / "one.openrouter.jsonl"
    monkeypatch.setenv("JPY_SESSION_NAME", "/not/here/two.ipynb")
    assert replay_path() == tmp_path / "two.openrouter.jsonl"
    monkeypatch.setenv("JPY_SESSION_NAME", "0f3c-a-console")
    assert replay_path() == tmp_path / "notebook.openrouter.jsonl"
    monkeypatch.setenv("OPENROUTER_NB_REPLAY_FILE", "~/x.jsonl")
    assert replay_path().name == "x.jsonl"


def test_under_nbval_the_file_is_that_of_the_notebook(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("JPY_SESSION_NAME", raising=False)
    monkeypatch.setenv("PYTEST_CURRENT_TEST", "course/one.ipynb::Cell 3 (call)")
    assert replay_path() == tmp_path / "one.openrouter.jsonl"
    # nbconvert, which does not name the notebook, has recorded it.
    (tmp_path / "notebook.openrouter.jsonl").touch()
    assert replay_path() == tmp_path / "notebook.openrouter.jsonl"
    (tmp_path / "one.openrouter.jsonl").touch()
    assert replay_path() == tmp_path / "one.openrouter.jsonl"
