"""Settings of the simulator in a request: the body key `simulator`, or headers where the body cannot be changed.

Neither exists at OpenRouter, which forwards unknown body keys to the provider.
"""

import dataclasses
from collections.abc import Mapping
from typing import Any

from openrouter_nb.simulator.api_errors import invalid
from openrouter_nb.simulator.responses.sse import BYTE_ORDER_MARK, NEWLINES, Split
from openrouter_nb.simulator.validation import number, of_type


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class RequestOverrides:
    """Settings of one response.

    Args:
        pace_ms: Milliseconds between deltas; None for the model's default.
        wait_ms: Milliseconds of keep-alive comments before the first delta; None for the model's default.
        chunks: Number of deltas that a text is split into; None for the model's default.
        hold_after: Delta counts at which a stream pauses until `Simulator.release()` is called, one call per pause. A
            request may give one number instead of a list.
        characters: Length of the answer of `demo/huge`; None for a million.
        split: Size of the network writes: bytes, "event" or "whole"; None for one write per event, or the recorded
            sizes.
        newline: Line ending of event streams.
        byte_order_mark: Bytes at the start of an event stream: empty, or a byte order mark.
        canary: URL that `demo/hostile` tries to make a browser fetch.
        location: Redirect target of `demo/redirect`.
        text: Replaces the text of `demo/tour`, `demo/huge`, `demo/structured-wrong` and the broken streams, the
            arguments sent by `demo/tools-wrong`, and the function name called by `demo/tools-unknown`.
    """

    pace_ms: float | None = None
    wait_ms: float | None = None
    chunks: int | None = None
    hold_after: tuple[int, ...] = ()
    characters: int | None = None
    split: Split | None = None
    newline: bytes = b"\n"
    byte_order_mark: bytes = b""
    canary: str | None = None
    location: str | None = None
    text: str | None = None

    @classmethod
    def of(cls, body: Mapping[str, Any], headers: Mapping[str, str]) -> "RequestOverrides":
        """Read the body key `simulator` and the headers `X-Simulator-Split`, `-Newline` and `-BOM`.

        Raises:
            ApiError: 400 naming the unknown or invalid key, so that a typo in a test is reported.
        """
        given = body.get("simulator") or {}
        of_type(dict, "object")("simulator", given)
        values = dict(given)
        for key in ("split", "newline"):
            header = headers.get(f"x-simulator-{key}")
            if header is not None:
                values.setdefault(key, int(header) if header.isdecimal() else header)
        if headers.get("x-simulator-bom") in {"1", "true"}:
            values.setdefault("bom", True)
        for key in values:
            if key not in CHECKS:
                raise invalid(f"simulator.{key}", f"Unknown; known are {', '.join(CHECKS)}")
        for key, check in CHECKS.items():
            if key in values:
                check(f"simulator.{key}", values[key])
        newline = NEWLINES[values.pop("newline", "lf")]
        byte_order_mark = BYTE_ORDER_MARK if values.pop("bom", False) else b""
        counts = values.pop("hold_after", [])
        hold_after = tuple(counts) if isinstance(counts, list) else (counts,)
        return cls(**values, hold_after=hold_after, newline=newline, byte_order_mark=byte_order_mark)


def _split(name: str, value: Any) -> None:
    if value not in {"event", "whole"} and not (type(value) is int and value > 0):
        raise invalid(name, "Expected a number of bytes, event or whole")


def _counts(name: str, value: Any) -> None:
    for each in value if isinstance(value, list) else [value]:
        number(1, 1_000_000, integer=True)(name, each)


def _newline(name: str, value: Any) -> None:
    if value not in NEWLINES:
        raise invalid(name, f"Expected one of {', '.join(NEWLINES)}")


CHECKS = {
    "pace_ms": number(0, 60_000),
    "wait_ms": number(0, 600_000),
    "chunks": number(1, 1_000_000, integer=True),
    "hold_after": _counts,
    "characters": number(1, 1_000_000_000, integer=True),
    "split": _split,
    "newline": _newline,
    "bom": of_type(bool, "boolean"),
    "canary": of_type(str, "string", nullable=True),
    "location": of_type(str, "string", nullable=True),
    "text": of_type(str, "string", nullable=True),
}
