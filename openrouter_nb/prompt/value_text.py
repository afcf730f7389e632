"""Convert notebook values to prompt content: tables, numbers, errors, images. Long values are truncated with a note."""

from __future__ import annotations

import base64
import io
import json
import re
import sys
import traceback
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, is_dataclass
from datetime import date, time, timedelta
from decimal import Decimal
from enum import Enum
from pathlib import PurePath
from typing import Any
from uuid import UUID

from openrouter_nb.prompt.table_sources import table_source
from openrouter_nb.redaction import redact_and_count

_MAX_CHARACTERS = 20_000
_MAX_TEXT = 200_000  # characters of a string
_MAX_FRAMES = 5
_MAX_ITEMS = 1_000  # of an array, from which NumPy abbreviates it
_RUNS_CELLS = re.compile(r"[/\\]IPython[/\\]core[/\\]interactiveshell\.py$")
_CELL_FILE = re.compile(r"/ipykernel_\d+/\d+\.py$|^<ipython-input-")
_LIBRARY = re.compile(r"/(?:site-packages|dist-packages|python3\.\d+)/(?!site-packages|dist-packages)(.+)$")
_MAX_IMAGE_BYTES = 10 * 1024 * 1024


class NotPromptableError(TypeError):
    """A value without a useful text form, or a secret, which was probably not meant to be sent."""


@dataclass(frozen=True, slots=True)
class PromptValue:
    """A value as a content part.

    Attributes:
        part: Text or image part.
        note: What was truncated or removed, or `""`.
        is_block: Whether it is Markdown that needs a blank line before and after it.
    """

    part: dict[str, Any]
    note: str = ""
    is_block: bool = False


def to_prompt_value(value: Any) -> PromptValue:
    """Return the content part for a value.

    Raises:
        NotPromptableError: the value cannot be converted.
    """
    if isinstance(value, type):
        raise NotPromptableError(
            f"the class {value.__name__} is not a value; pass an object of it, or schema={value.__name__} for an answer of this type"
        )
    if value is None or isinstance(value, (bool, int, float, complex)):
        return _text(str(value))
    if isinstance(value, str):
        return _text(value, limit=_MAX_TEXT)
    if isinstance(value, BaseException):
        trace, removed = redact_and_count(_traceback(value))
        return _text(trace, f"{removed} secret{'' if removed == 1 else 's'} removed" if removed else "")
    if isinstance(value, (PurePath, Decimal, UUID, date, time, timedelta, Enum)):
        return _text(str(value))
    family = type(value).__module__.partition(".")[0]
    name = type(value).__name__
    if (source := table_source(value)) is not None:
        from openrouter_nb.prompt.table_text import table_text  # not needed by `%load_ext`

        table, note = table_text(source)
        return PromptValue({"type": "text", "text": table}, note, is_block=True)
    if family == "numpy":
        return _array(value)
    if name == "Figure" and hasattr(value, "savefig"):
        return _image(lambda file: value.savefig(file, format="png", bbox_inches="tight"))
    if family == "PIL" and hasattr(value, "save"):
        return _image(lambda file: value.save(file, format="PNG"))
    if callable(dump := getattr(value, "model_dump_json", None)):
        return _text(dump(indent=2))
    if is_dataclass(value) and not isinstance(value, type):
        return _json(asdict(value))
    if family == "openrouter_nb" and isinstance(text := getattr(value, "text", None), str):
        return _text(text)
    if isinstance(value, (Mapping, Sequence, set, frozenset)) and not isinstance(
        value, (bytes, bytearray, memoryview)
    ):
        return _json(value)
    raise NotPromptableError(
        f"a value of type {name} cannot be converted to a prompt; convert it, for example with str(…)"
    )


def _traceback(error: BaseException) -> str:
    """Return the innermost frames, without paths and process ids of this machine."""
    formatted = traceback.TracebackException.from_exception(error)
    frames = [frame for frame in formatted.stack if not _RUNS_CELLS.search(frame.filename)]
    formatted.stack = traceback.StackSummary.from_list([_placed(frame) for frame in frames[-_MAX_FRAMES:]])
    return "".join(formatted.format(chain=False)).rstrip()


def _placed(frame: traceback.FrameSummary) -> traceback.FrameSummary:
    path = frame.filename.replace("\\", "/")
    if _CELL_FILE.search(path):
        name = "<cell>"
    elif (library := _LIBRARY.search(path)) is not None:
        name = library[1]
    else:
        name = path.rpartition("/")[2]
    # `line` is the first line alone: Python 3.13 and newer fail to mark an expression that continues below it.
    is_marked = frame.end_lineno == frame.lineno
    return traceback.FrameSummary(
        name,
        frame.lineno,
        frame.name,
        line=frame.line,
        end_lineno=frame.end_lineno if is_marked else None,
        colno=frame.colno if is_marked else None,
        end_colno=frame.end_colno if is_marked else None,
    )


def _text(text: str, note: str = "", *, limit: int = _MAX_CHARACTERS) -> PromptValue:
    if len(text) <= limit:
        return PromptValue({"type": "text", "text": text}, note)
    left_out = f"{limit:,} of {len(text):,} characters"
    return PromptValue({"type": "text", "text": f"{text[:limit]}\n[{left_out}]"}, note or left_out)


def _json(value: Any) -> PromptValue:
    if isinstance(value, (set, frozenset)):
        value = sorted(value, key=str)
    try:
        return _text(json.dumps(value, ensure_ascii=False, indent=2))
    except (TypeError, ValueError):
        raise NotPromptableError(
            f"a {type(value).__name__} with values that are not JSON; convert it, for example with str(…)"
        ) from None


def _array(value: Any) -> PromptValue:
    """Return an array with more than two dimensions, or none, in NumPy's abbreviated form."""
    if not getattr(value, "shape", ()):
        return _text(str(value))
    from openrouter_nb.prompt.table_text import number_text  # not needed by `%load_ext`

    text = sys.modules["numpy"].array2string(value, formatter={"float_kind": number_text})
    is_long = value.size > _MAX_ITEMS
    extremes = ""
    if is_long and value.dtype.kind in "iuf":
        extremes = f", {number_text(float(value.min()))} to {number_text(float(value.max()))}"
    return _text(
        f"array of shape {value.shape}, {value.dtype}{extremes}:\n{text}", "shortened" if is_long else ""
    )


def _image(save: Any) -> PromptValue:
    file = io.BytesIO()
    save(file)
    data = file.getvalue()
    if len(data) > _MAX_IMAGE_BYTES:
        raise NotPromptableError(f"the image has {len(data) / 1e6:.0f} MB; the limit is 10 MB")
    url = f"data:image/png;base64,{base64.b64encode(data).decode()}"
    return PromptValue({"type": "image_url", "image_url": {"url": url}})
