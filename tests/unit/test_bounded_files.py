"""Files that are not what they should be."""

import os

import pytest
from support import odd_files

from openrouter_nb.bounded_files import UnreadableFileError, parse_untrusted, read_file, read_json_file


def test_a_small_file_is_read(tmp_path):
    path = tmp_path / "a.json"
    path.write_bytes(b'{"a": [1]}')
    assert read_file(path, 10) == b'{"a": [1]}'
    assert read_json_file(path, 10) == {"a": [1]}


def test_a_large_file_is_not_read(tmp_path):
    path = tmp_path / "a.json"
    path.write_bytes(b"x" * 3_000_000)
    with pytest.raises(UnreadableFileError, match="has 3 MB; 1 are allowed"):
        read_file(path, 2**20)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="POSIX only")
@pytest.mark.parametrize("make", [odd_files.pipe, odd_files.device, odd_files.folder])
def test_only_regular_files_are_read(tmp_path, make):
    path = tmp_path / "a.json"
    make(path)
    with pytest.raises(UnreadableFileError, match="is not a file"):
        read_file(path, 2**20)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "cannot be read as JSON"),
        (b"\xff", "cannot be read as JSON"),
        (b"1" * 5_000, "cannot be read as JSON"),
        (b"[" * 201 + b"]" * 201, "more than 200 levels"),
        (b"[" * 100_000 + b"]" * 100_000, "more than 200 levels"),
        (b"[" + b"[]," * 700_000 + b"0]", "more than 600000 brackets"),
    ],
)
def test_json_that_is_not_accepted(data, reason):
    with pytest.raises(UnreadableFileError, match=reason):
        parse_untrusted(data)
