"""The table of request parameters. The client validates with it; the front ends build their options from it.

Source of every row: OpenRouter's OpenAPI document and guides of August 2026. An absent parameter is not the same as its
default value: it is absent upstream, too. Nothing is sent unless the caller sets it.
"""

from __future__ import annotations

import difflib
import math
import numbers
import reprlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from openrouter_nb.redaction import redact, redact_values

if TYPE_CHECKING:
    from collections.abc import Mapping

Kind = Literal["number", "integer", "boolean", "string", "strings", "json"]
Container = Literal["object", "array"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """One field of the request body, or one setting of the client.

    Attributes:
        name: Name on the wire.
        kind: Type of the value; `strings` accepts one string or several, `json` an object or array.
        help: One sentence for users.
        nullable: Whether an explicit null may be sent; otherwise None means absent.
        minimum: Smallest number, or minimum count of items or characters.
        maximum: Largest number, or maximum count of items or characters.
        choices: The known words. Unknown words are accepted, because the service adds some without notice.
        flags: Options of `%%chat` that set it.
        container: For `json`: whether an object or an array is accepted; None for both and for text.
        default: Value that the client uses for an unset setting; None for a field of the request.
    """

    name: str
    kind: Kind
    help: str
    nullable: bool = False
    minimum: float | None = None
    maximum: float | None = None
    choices: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    container: Container | None = None
    default: float | None = None


def _row(name: str, kind: Kind, text: str, *flags: str, has_flag: bool = True, **more: Any) -> Parameter:
    """Return a row. Its flag is made from its name if no other is given."""
    own = flags or ("--" + name.replace("_", "-"),)
    return Parameter(name=name, kind=kind, help=text, flags=own if has_flag else (), **more)


def _number(name: str, low: float, high: float, text: str, *flags: str) -> Parameter:
    return _row(name, "number", text, *flags, nullable=True, minimum=low, maximum=high)


def _object(name: str, text: str, **more: Any) -> Parameter:
    return _row(name, "json", text, container="object", **more)


def _array(name: str, text: str, **more: Any) -> Parameter:
    return _row(name, "json", text, container="array", **more)


# These have no flags: fields that the cell sets (messages, stream), fields set by an option with a simpler value (models,
# provider, tools), and fields whose flag belongs to another row (max_tokens, reasoning).
# Order matters: it is the key order of the body, which OpenRouter's response cache hashes unchanged.
_ROWS = (
    _row("model", "string", "Model id, such as openai/gpt-5-mini.", "-m", "--model"),
    _row("models", "strings", "Fallback models, up to 3, tried in this order.", has_flag=False, maximum=3),
    _array("messages", "The conversation, oldest message first.", minimum=1, has_flag=False),
    _number(
        "temperature",
        0,
        2,
        "Sampling temperature, 0 to 2; 0 always picks the most likely token.",
        "-t",
        "--temperature",
    ),
    _number("top_p", 0, 1, "Nucleus sampling: cumulative probability of the candidate tokens, 0 to 1."),
    _row(
        "top_k",
        "integer",
        "Sample from this many of the most likely tokens; 0 = all.",
        nullable=True,
        minimum=0,
    ),
    _number("min_p", 0, 1, "Minimum probability of a token, relative to the most likely token, 0 to 1."),
    _number(
        "top_a",
        0,
        1,
        "Minimum probability of a token, relative to the square of the highest probability, 0 to 1.",
    ),
    _number("frequency_penalty", -2, 2, "Penalty per earlier occurrence of a token, -2 to 2."),
    _number("presence_penalty", -2, 2, "Penalty on tokens that have occurred before, -2 to 2."),
    _number("repetition_penalty", 0, 2, "Repetition penalty, a factor, 0 to 2; 1 = none."),
    _row(
        "max_completion_tokens",
        "integer",
        "Maximum number of tokens in the answer.",
        "-n",
        "--max-tokens",
        nullable=True,
        minimum=1,
    ),
    _row(
        "max_tokens",
        "integer",
        "Deprecated name of max_completion_tokens.",
        has_flag=False,
        nullable=True,
        minimum=1,
    ),
    _row("stop", "strings", "Stop sequences, up to 4: text that ends the answer.", nullable=True, maximum=4),
    _row(
        "seed",
        "integer",
        "Random seed: the same seed gives the same answer, if the provider supports it.",
        nullable=True,
    ),
    _object("logit_bias", "Bias per token id of the model's tokenizer, -100 to 100.", nullable=True),
    _row("logprobs", "boolean", "Return the log probabilities of the answer's tokens.", nullable=True),
    _row(
        "top_logprobs",
        "integer",
        "Number of alternatives per token, 0 to 20; requires logprobs.",
        nullable=True,
        minimum=0,
        maximum=20,
    ),
    _object("reasoning", "Reasoning: effort, max_tokens, summary, exclude, enabled.", has_flag=False),
    _row(
        "reasoning_effort",
        "string",
        "Reasoning effort: none, minimal, low, medium, high, xhigh or max.",
        "-r",
        "--reasoning",
        nullable=True,
        choices=("none", "minimal", "low", "medium", "high", "xhigh", "max"),
    ),
    _row("include_reasoning", "boolean", "Legacy switch for reasoning."),
    _row(
        "verbosity",
        "string",
        "Verbosity of the answer: low, medium, high, xhigh or max.",
        choices=("low", "medium", "high", "xhigh", "max"),
    ),
    _object("response_format", "Format of the answer: text, json_object, json_schema, grammar or python."),
    _row("structured_outputs", "boolean", "Use only endpoints that support structured outputs."),
    _array("tools", "Function and server tools.", has_flag=False),
    _row("tool_choice", "json", "Tools that the model must use: none, auto, required, or one tool."),
    _row("parallel_tool_calls", "boolean", "Allow parallel tool calls.", nullable=True),
    _row("max_tool_calls", "integer", "Maximum number of server-tool rounds, up to 30.", maximum=30),
    _array("stop_server_tools_when", "Conditions that end the server-tool loop.", minimum=1),
    _object("provider", "Routing preferences.", nullable=True, has_flag=False),
    _row("route", "string", "Deprecated: use provider.sort.", nullable=True, choices=("fallback", "sort")),
    _array("plugins", "Plugins, each with an id."),
    _row(
        "service_tier",
        "string",
        "Service tier: auto, default, flex, priority, fast or scale.",
        nullable=True,
        choices=("auto", "default", "flex", "priority", "fast", "scale"),
    ),
    _array("modalities", "Output modalities: text, image, audio."),
    _object("image_config", "Options for image output."),
    _object("audio", "Voice and format of audio output."),
    _object("prediction", "Predicted content of the answer, which speeds up generation.", nullable=True),
    _object("cache_control", "Prompt caching for the whole request."),
    _row("prompt_cache_key", "string", "Key for prompt caching and routing.", nullable=True),
    _object("prompt_cache_options", "Explicit prompt caching.", nullable=True),
    _object("web_search_options", "Options for the provider's own web search."),
    _object("x_search_filter", "Filters for search on X."),
    _row("preset", "string", "Name of a configuration that is stored on OpenRouter."),
    _row(
        "user", "string", "Stable id of the end user. OpenRouter hashes it before it is sent to the provider."
    ),
    _row("session_id", "string", "Id that groups requests, up to 256 characters.", maximum=256),
    _object("metadata", "Up to 16 tags, names and values of text."),
    _object("trace", "Ids for observability."),
    _array("transforms", "Legacy prompt transforms."),
    _object("deferred_tools", "Deferred tool loading."),
    _object("usage", "Deprecated, no effect."),
    _object("stream_options", "Deprecated, no effect.", nullable=True),
    _object("debug", "Debug options: echo_upstream_body; streaming only."),
    _row("stream", "boolean", "Stream the answer.", has_flag=False),
)

PARAMETERS: Mapping[str, Parameter] = {row.name: row for row in _ROWS}

_SETTINGS = (
    _row(
        "retries",
        "integer",
        "Retries of a failed request, 0 to 10, before any part of an answer has arrived. Default: 2.",
        minimum=0,
        maximum=10,
        default=2,
    ),
    _row(
        "timeout",
        "number",
        "Seconds to wait for the next part of the answer, up to 86,400. Default: 120.",
        minimum=0.1,
        maximum=86_400,
        default=120,
    ),
    _row(
        "repairs",
        "integer",
        "How many times an answer that does not match its schema is sent back for correction, 0 to 5. Default: 0.",
        minimum=0,
        maximum=5,
        default=0,
    ),
)
#: Settings of the client that both front ends offer. They are never sent.
SETTINGS: Mapping[str, Parameter] = {row.name: row for row in _SETTINGS}

_SHORTEST_START = 3


def nearest(word: str, known: Any) -> str:
    """Return ` Did you mean 'x'?` for the known word that starts with `word` or is nearest to it, or `""`."""
    # Compare without the dashes of options, which would make all of them similar.
    names = {name.lstrip("-").lower(): name for name in sorted(known, key=len, reverse=True)}
    bare = word.lstrip("-").lower()
    longer = [name for name in names if len(bare) >= _SHORTEST_START and name.startswith(bare)]
    match = sorted(longer, key=len)[:1] or difflib.get_close_matches(bare, list(names), n=1, cutoff=0.6)
    return f" Did you mean {names[match[0]]!r}?" if match else ""


def problem(name: str, value: Any) -> str | None:
    """Return what is wrong with the value of a parameter, or None.

    Only values that the service is documented or observed to reject are wrong; unknown words of a choice are accepted.
    """
    row = PARAMETERS[name]
    if value is None:
        return None
    if row.kind in ("number", "integer"):
        return number_problem(name, value, row.minimum, row.maximum, whole=row.kind == "integer")
    if row.kind == "boolean" and not isinstance(value, bool):
        return f"{name} takes true or false, not {shown(value)}."
    if row.kind == "string":
        if not isinstance(value, str):
            return f"{name} takes text, not {shown(value)}."
        if row.maximum is not None and len(value) > row.maximum:
            return f"{name} takes at most {row.maximum:g} characters, not {len(value)}."
    if row.kind == "strings":
        items = [value] if isinstance(value, str) else value
        if not isinstance(items, (list, tuple)) or not all(isinstance(item, str) for item in items):
            return f"{name} takes text or a list of texts, not {shown(value)}."
        if row.maximum is not None and len(items) > row.maximum:
            return f"{name} takes at most {row.maximum:g} items, not {len(items)}."
    if row.container == "object" and not isinstance(value, dict):
        return f"{name} takes an object, not {shown(value)}."
    if row.container == "array":
        if not isinstance(value, (list, tuple)):
            return f"{name} takes a list, not {shown(value)}."
        if row.minimum is not None and len(value) < row.minimum:
            return f"{name} takes a list of at least {row.minimum:g}."
    return None


def shown(value: Any) -> str:
    """Return the repr of a value for a message, shortened and without secrets."""
    if isinstance(value, type):
        return f"the class {value.__name__}"
    # Before the repr too: it shortens a long string in the middle, and the end of a key is not recognized.
    return redact(reprlib.repr(redact_values(value)))


def number_problem(
    name: str, value: Any, low: float | None = None, high: float | None = None, *, whole: bool = False
) -> str | None:
    """Return what is wrong with a number, or None.

    Args:
        name: Its name in the sentence.
        value: The value.
        low: Smallest value, None for no bound.
        high: Largest value, None for no bound.
        whole: Whether it must be a whole number; 3.0 is one, and so are numpy's integers.
    """
    if not _is_number(value, whole=whole):
        return f"{name} takes {'a whole number' if whole else 'a number'}, not {shown(value)}."
    if (low is not None and value < low) or (high is not None and value > high):
        bounds = (
            f"{low:g} to {high:g}"
            if None not in (low, high)
            else f"{low:g} or more"
            if high is None
            else f"at most {high:g}"
        )
        return f"{name} takes {bounds}, not {shown(value)}."
    return None


def _is_number(value: Any, *, whole: bool) -> bool:
    if isinstance(value, bool) or not isinstance(value, numbers.Real):
        return False
    if isinstance(value, numbers.Integral):
        return True
    return float(value).is_integer() if whole else math.isfinite(value)
