"""What a replay file holds while others write into it."""

import json
import os

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
        locked.setattr(type(path), "open", raises(PermissionError))
        assert texts(index).keys() == {"a"}
    assert texts(index).keys() == {"a", "b"}


def raises(kind):
    def function(*_, **__):
        raise kind

    return function
