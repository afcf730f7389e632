"""Convert kernel messages to the outputs of a notebook cell, like a frontend."""

from collections.abc import Iterable
from typing import Any

JsonObject = dict[str, Any]


def fold(messages: Iterable[tuple[str, JsonObject]]) -> list[JsonObject]:
    """Return the outputs after all messages (type, content), including display updates and clear_output."""
    outputs: list[JsonObject] = []
    shown: dict[str, list[JsonObject]] = {}
    clear = False
    for kind, content in messages:
        if kind == "clear_output":
            clear = True
            if not content["wait"]:
                outputs, clear = [], False
            continue
        if kind == "update_display_data":
            for output in shown.get(content["transient"]["display_id"], []):
                output.update(data=content["data"], metadata=content["metadata"])
            continue
        output = _output(kind, content)
        if output is None:
            continue
        if clear:
            outputs, clear = [], False
        if kind == "stream" and outputs and outputs[-1].get("name") == output["name"]:
            outputs[-1]["text"] += output["text"]
            continue
        outputs.append(output)
        if display_id := content.get("transient", {}).get("display_id"):
            shown.setdefault(display_id, []).append(output)
    return outputs


def _output(kind: str, content: JsonObject) -> JsonObject | None:
    if kind == "stream":
        return {"output_type": kind, "name": content["name"], "text": content["text"]}
    if kind in {"display_data", "execute_result"}:
        output = {"output_type": kind, "data": content["data"], "metadata": content["metadata"]}
        return (
            {**output, "execution_count": content["execution_count"]} if kind == "execute_result" else output
        )
    if kind == "error":
        return {
            "output_type": kind,
            "ename": content["ename"],
            "evalue": content["evalue"],
            "traceback": content["traceback"],
        }
    return None


def text_of(outputs: Iterable[JsonObject]) -> str:
    """Return the plain text of outputs, including tracebacks."""
    parts = []
    for output in outputs:
        if output["output_type"] == "stream":
            parts.append(output["text"])
        elif output["output_type"] == "error":
            parts.append("\n".join(output["traceback"]))
        else:
            parts.append(output["data"].get("text/plain", ""))
    return "\n".join("".join(part) for part in parts)
