"""How a request may tune the simulator: the body key `simulator`, or headers where a body is not ours.

Neither exists at OpenRouter, which would pass the key on to the provider.
"""

import dataclasses
from collections.abc import Mapping
from typing import Any

from openrouter_nb.simulator.api_errors import invalid
from openrouter_nb.simulator.responses.sse import BYTE_ORDER_MARK, NEWLINES, Split
from openrouter_nb.simulator.validation import number, of_type


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class RequestOverrides:
    """Wishes about how an answer is played.

    Args:
        pace_ms: Milliseconds between deltas; None is the model's own pace.
        wait_ms: Milliseconds of keep-alive comments before the first delta; None is the model's own.
        chunks: Number of deltas a text is cut into; None is the model's own.
        hold_after: Numbers of deltas of a stream after each of which it says nothing until `Simulator.release()` is
            called, one call for each; in a request one number may stand for a list of one.
        characters: Length of what `demo/huge` says; None is a million.
        split: Size of the network writes: bytes, "event" or "whole"; None is one write for each event, or the
            recorded sizes.
        newline: Line end of event streams.
        mark: Bytes before the first byte of an event stream: empty, or a byte order mark.
        canary: URL that `demo/hostile` tries to make a browser fetch.
        location: Where `demo/redirect` points.
        text: What `demo/tour`, `demo/huge`, `demo/structured-wrong` and the broken streams say instead of their own text; the
            arguments that `demo/tools-wrong` writes, and the name that `demo/tools-unknown` calls.
    """

    pace_ms: float | None = None
    wait_ms: float | None = None
    chunks: int | None = None
    hold_after: tuple[int, ...] = ()
    characters: int | None = None
    split: Split | None = None
    newline: bytes = b"\n"
    mark: bytes = b""
    canary: str | None = None
    location: str | None = None
    text: str | None = None

    @classmethod
    def of(cls, body: Mapping[str, Any], headers: Mapping[str, str]) -> "RequestOverrides":
        """Read the body key `simulator` and the headers `X-Simulator-Split`, `-Newline` and `-BOM`.

        Raises:
            Problem: 400 naming the wrong key, so that a typing error in a test does not pass unseen.
        """
        given = body.get("simulator") or {}
        of_type(dict, "object")("simulator", given)
        wishes = dict(given)
        for key in ("split", "newline"):
            header = headers.get(f"x-simulator-{key}")
            if header is not None:
                wishes.setdefault(key, int(header) if header.isdecimal() else header)
        if headers.get("x-simulator-bom") in {"1", "true"}:
            wishes.setdefault("bom", True)
        for key in wishes:
            if key not in CHECKS:
                raise invalid(f"simulator.{key}", f"Unknown; known are {', '.join(CHECKS)}")
        for key, check in CHECKS.items():
            if key in wishes:
                check(f"simulator.{key}", wishes[key])
        newline = NEWLINES[wishes.pop("newline", "lf")]
        mark = BYTE_ORDER_MARK if wishes.pop("bom", False) else b""
        held = wishes.pop("hold_after", [])
        hold_after = tuple(held) if isinstance(held, list) else (held,)
        return cls(**wishes, hold_after=hold_after, newline=newline, mark=mark)


def _split(name: str, value: Any) -> None:
    if value not in {"event", "whole"} and not (type(value) is int and value > 0):
        raise invalid(name, "Expected a number of bytes, event or whole")


def _counts(name: str, value: Any) -> None:
    for each in value if isinstance(value, list) else [value]:
        number(1, 1_000_000, whole=True)(name, each)


def _newline(name: str, value: Any) -> None:
    if value not in NEWLINES:
        raise invalid(name, f"Expected one of {', '.join(NEWLINES)}")


CHECKS = {
    "pace_ms": number(0, 60_000),
    "wait_ms": number(0, 600_000),
    "chunks": number(1, 1_000_000, whole=True),
    "hold_after": _counts,
    "characters": number(1, 1_000_000_000, whole=True),
    "split": _split,
    "newline": _newline,
    "bom": of_type(bool, "boolean"),
    "canary": of_type(str, "string", nullable=True),
    "location": of_type(str, "string", nullable=True),
    "text": of_type(str, "string", nullable=True),
}
