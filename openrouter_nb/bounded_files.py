"""Read files whose content is not trusted: regular files only, with limits of size and nesting."""

from __future__ import annotations

import contextlib
import json
import os
import stat
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from io import BufferedReader
    from pathlib import Path


class UnreadableFileError(ValueError):
    """A file that is not read. The message completes a sentence that begins with its name."""


@contextlib.contextmanager
def open_regular(path: Path) -> Iterator[BufferedReader]:
    """Open a file to read bytes.

    Raises:
        UnreadableFileError: it is not a regular file, such as a pipe or a device.
        OSError: it cannot be opened.
    """
    # Check the opened file, not the path, which could change; non-blocking, because a pipe would wait for a writer.
    handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise UnreadableFileError("is not a file")
    with os.fdopen(handle, "rb") as file:
        yield file


def read_file(path: Path, max_bytes: int) -> bytes:
    """Return the content of a file.

    Raises:
        UnreadableFileError: it is not a regular file, or larger than `max_bytes`.
        OSError: it cannot be read.
    """
    with open_regular(path) as file:
        size = os.fstat(file.fileno()).st_size
        data = file.read(max_bytes + 1) if size <= max_bytes else b""
        if (size := max(size, len(data))) > max_bytes:  # it may grow meanwhile
            raise UnreadableFileError(f"has {size / 1e6:,.0f} MB; {max_bytes // 1024**2} are allowed")
        return data


def read_json_file(path: Path, max_bytes: int) -> Any:
    """Return the JSON value in a file.

    Raises:
        UnreadableFileError: it is not a regular file, larger than `max_bytes`, or not JSON as `parse_untrusted` accepts it.
        OSError: it cannot be read.
    """
    return parse_untrusted(read_file(path, max_bytes))


def parse_untrusted(data: bytes) -> Any:
    """Return the value of a JSON text of at most 200 levels.

    Raises:
        UnreadableFileError: it is something else, or would take too much memory.
    """
    # Lazy: `%load_ext` loads this module, and reads no file.
    from openrouter_nb.json_extraction import MAX_DEPTH, is_deeper
    from openrouter_nb.json_size import JsonTooLargeError, check_json_size

    try:
        check_json_size(data)
        value = json.loads(data)
    except JsonTooLargeError as error:
        raise UnreadableFileError(f"has {error}") from None
    except RecursionError:
        is_deep = True
    except ValueError:
        raise UnreadableFileError("cannot be read as JSON") from None
    else:
        is_deep = is_deeper(value, MAX_DEPTH)
    if is_deep:
        raise UnreadableFileError(f"is nested more than {MAX_DEPTH} levels deep")
    return value
