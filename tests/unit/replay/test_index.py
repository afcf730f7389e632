"""What a replay file holds while others write into it."""

import json
import os

import pytest
from support import odd_files

from openrouter_nb.replay import index as replay_index
from openrouter_nb.replay.index import ReplayIndex


def line(key, text="Hello"):
    answer = {"choices": [{"message": {"content": text}}]}
    kept = {"v": 1, "key": key, "recorded": "2026-11-22T05:30:00Z", "request": {}, "answer": answer}
    return json.dumps(kept).encode() + b"\n"


def texts(shelf):
    shelf.refresh()
    return {key: kept.answer["choices"][0]["message"]["content"] for key, kept in shelf.exchanges.items()}


def test_what_is_added_is_read_and_what_was_there_is_not_read_again(tmp_path, monkeypatch):
    path = tmp_path / "a.openrouter.jsonl"
    shelf = ReplayIndex(path)
    assert texts(shelf) == {}
    parsed = []
    monkeypatch.setattr(json, "loads", lambda text, loads=json.loads: parsed.append(text) or loads(text))
    for number in range(50):
        with path.open("ab") as file:
            file.write(line(f"k{number}"))
        assert len(texts(shelf)) == number + 1
    assert len(parsed) == 50


def test_half_a_line_counts_until_its_other_half_is_there(tmp_path):
    path = tmp_path / "a.openrouter.jsonl"
    whole = line("b")
    path.write_bytes(line("a") + whole[:20])
    shelf = ReplayIndex(path)
    assert texts(shelf).keys() == {"a"}
    assert shelf.unreadable == 1
    with path.open("ab") as file:
        file.write(whole[20:])
    assert texts(shelf).keys() == {"a", "b"}
    assert shelf.unreadable == 0


def test_a_file_that_was_changed_and_not_only_added_to_is_read_anew(tmp_path):
    path = tmp_path / "a.openrouter.jsonl"
    path.write_bytes(line("a", "Paris") + line("b"))
    shelf = ReplayIndex(path)
    assert texts(shelf) == {"a": "Paris", "b": "Hello"}
    path.write_bytes(line("a", "Lyons") + line("b"))  # as long as before
    os.utime(path, ns=(1, 1))
    assert texts(shelf) == {"a": "Lyons", "b": "Hello"}
    path.write_bytes(line("a", "another branch") + line("c"))
    assert texts(shelf) == {"a": "another branch", "c": "Hello"}
    path.write_bytes(line("c"))
    assert texts(shelf) == {"c": "Hello"}
    path.unlink()
    assert texts(shelf) == {}


def test_a_file_that_another_process_has_locked_is_read_later(tmp_path, monkeypatch):
    path = tmp_path / "a.openrouter.jsonl"
    path.write_bytes(line("a"))
    index = ReplayIndex(path)
    assert texts(index).keys() == {"a"}
    path.write_bytes(line("a") + line("b"))
    with monkeypatch.context() as locked:
        locked.setattr(os, "open", raises(PermissionError))
        assert texts(index).keys() == {"a"}
    assert texts(index).keys() == {"a", "b"}


def raises(kind):
    def function(*_, **__):
        raise kind

    return function


BAD_LINES = {
    "deep": b"[" * 100_000,
    "deep object": b'{"a":' * 100_000,
    "deep answer": line("x").replace(b'"Hello"', b"[" * 300 + b"]" * 300).strip(),
    "many values": b'{"v":1,"key":"x","recorded":"","request":{},"answer":[' + b"[]," * 700_000 + b"0]}",
    "choices of another type": line("x").replace(b'[{"message": {"content": "Hello"}}]', b"1").strip(),
    "choice of another type": line("x").replace(b'{"message": {"content": "Hello"}}', b"1").strip(),
    "message of another type": line("x").replace(b'{"content": "Hello"}', b"1").strip(),
    "number of 5,000 digits": b"1" * 5_000,
    "not UTF-8": b"\xff",
}


@pytest.mark.parametrize("bad", BAD_LINES.values(), ids=BAD_LINES)
def test_a_bad_line_is_skipped_and_counted(tmp_path, bad):
    path = tmp_path / "a.openrouter.jsonl"
    path.write_bytes(line("a") + bad + b"\n" + line("b"))
    index = ReplayIndex(path)
    assert texts(index).keys() == {"a", "b"}
    assert index.unreadable == 1


def test_of_a_file_that_is_too_large_the_end_is_read(tmp_path, monkeypatch):
    monkeypatch.setattr(replay_index, "_MAX_BYTES", 1000)
    path = tmp_path / "a.openrouter.jsonl"
    path.write_bytes(b"".join(line(f"k{number}") for number in range(100)))
    index = ReplayIndex(path)
    assert 0 < len(texts(index)) < 10
    assert "k99" in index.exchanges
    assert index.unreadable == 1
    with path.open("ab") as file:
        file.write(line("new"))
    assert {"k99", "new"} <= texts(index).keys()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="POSIX only")
@pytest.mark.parametrize("make", [odd_files.pipe, odd_files.device, odd_files.folder])
def test_what_is_not_a_file_is_not_read(tmp_path, make):
    path = tmp_path / "a.openrouter.jsonl"
    make(path)
    index = ReplayIndex(path)
    assert texts(index) == {}
    assert index.unreadable == 1
