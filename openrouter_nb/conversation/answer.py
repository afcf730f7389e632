"""`Answer`: the result of a chat, in cells and in Python."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from openrouter_nb.components.responses.media_parts import message_media
from openrouter_nb.conversation.media import Media, decoded_media

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping, Sequence

    from openrouter_nb.components import ChatResult, ChatUsage
    from openrouter_nb.components.responses.result import ChatAssistantMessage, ChatToolCall
    from openrouter_nb.output.validation_errors import ValidationProblem
    from openrouter_nb.render.answer.footer import Timing
    from openrouter_nb.render.answer.tool_calls import ToolCallView
    from openrouter_nb.tools.tool_call import ToolCall


@dataclass(frozen=True, slots=True)
class Citation:
    """A source cited in an answer.

    Attributes:
        url: URL of the source.
        title: Title of the source.
        content: Excerpt of the source; `""` if the service sends none.
        start: Index of the first cited character of the text; None if unknown.
        end: Index after the last cited character; None if unknown.
    """

    url: str
    title: str = ""
    content: str = ""
    start: int | None = None
    end: int | None = None


class Answer:
    """An answer: `_` and `Out[n]` after a chat cell, and what `chat()` returns.

    Args:
        result: The result, as returned by `OpenRouter().chat.send`.
        complete: False if the answer was stopped early.
        messages: The conversation, including this answer.
        parsed: The object of a structured answer.
        timing: Times for the footer.
        replayed: Whether it came from a replay file.
        label: Additional text for the footer.
        bundle: The mime bundle to display; None to render the result.
        metadata: Output metadata for `bundle`.

    Attributes:
        result: The complete result.
        complete: Whether the answer is complete.
        messages: The conversation, including this answer; can be sent in another request.
        parsed: The validated object of a structured answer, else None.
        replayed: Whether it came from a replay file, at no cost.
        calls: The tool calls before the answer, with their results.
        earlier: The responses that requested these calls.
        stopped_by: The limit (rounds, calls or cost) that ended the tool loop, else None.
        problems: Validation problems of a structured answer.
    """

    def __init__(
        self,
        result: ChatResult,
        *,
        complete: bool = True,
        messages: Sequence[Mapping[str, Any]] = (),
        parsed: Any = None,
        timing: Timing | None = None,
        replayed: bool = False,
        label: str = "",
        bundle: Mapping[str, str] | None = None,
        metadata: Mapping[str, Any] | None = None,
    ) -> None:
        self.result = result
        self.complete = complete
        self.messages: list[dict[str, Any]] = [dict(message) for message in messages]
        self.parsed = parsed
        self.replayed = replayed
        self.calls: tuple[ToolCall, ...] = ()
        self.earlier: tuple[ChatResult, ...] = ()
        self.problems: tuple[ValidationProblem, ...] = ()
        self.stopped_by: str | None = None
        self._timing = timing
        self._label = label
        self._bundle = bundle
        self._metadata = metadata

    @property
    def text(self) -> str:
        """The unmodified text of the model."""
        return self.result.text

    @property
    def reasoning(self) -> str:
        """The reasoning; `""` if there is none."""
        from openrouter_nb.render.answer.answer_bundle import reasoning_text

        return reasoning_text(self.result)

    @property
    def code(self) -> str:
        """The code in the text: all Python blocks, else the first block in another language, else `""`."""
        from openrouter_nb.render.answer.code_blocks import code_of

        return code_of(self.text)

    @property
    def refusal(self) -> str:
        """The refusal of the model; `""` if there is none."""
        return (self._message.refusal or "") if self._message else ""

    @property
    def model(self) -> str | None:
        """The model that answered."""
        return self.result.model

    @property
    def finish_reason(self) -> str | None:
        """Why the answer ended: `stop`, `length`, `tool_calls`, `content_filter`."""
        return self.result.choices[0].finish_reason if self.result.choices else None

    @property
    def usage(self) -> ChatUsage | None:
        """Token counts and cost."""
        return self.result.usage

    @property
    def cost(self) -> float | None:
        """Cost in US dollars, as reported by OpenRouter; None if not reported."""
        return self.result.usage.cost if self.result.usage else None

    @property
    def tool_calls(self) -> list[ChatToolCall]:
        """The tool calls that the model requests."""
        return list(self._message.tool_calls or ()) if self._message else []

    @property
    def media(self) -> list[Media]:
        """The images and the audio of the answer, in the order in which it is shown."""
        parts = message_media(self._message) if self._message else ()
        return [found for part in parts if (found := decoded_media(part))]

    @property
    def images(self) -> list[Media]:
        """The images of the answer."""
        return [each for each in self.media if each.kind == "image"]

    @property
    def audio(self) -> Media | None:
        """The audio of the answer; None if there is none."""
        return next((each for each in self.media if each.kind == "audio"), None)

    @property
    def citations(self) -> list[Citation]:
        """The sources cited in the answer."""
        annotations = self._message.annotations if self._message else None
        return [found for entry in annotations or () if (found := _citation(entry))]

    @property
    def _message(self) -> ChatAssistantMessage | None:
        return self.result.choices[0].message if self.result.choices else None

    def _outcomes(self) -> dict[str, ToolCallView]:
        if not self.calls:
            return {}
        from openrouter_nb.tools.call_status import tool_call_view

        is_timed = self._timing is not None
        return {call.id: tool_call_view(call, is_timed=is_timed) for call in self.calls}

    def __str__(self) -> str:
        return self.text

    def __await__(self) -> Generator[Any, None, Self]:
        """Return itself, so that `await _` works with and without `--bg`, and `await chat(…)` is harmless."""
        return self._return_self().__await__()

    async def _return_self(self) -> Self:
        return self

    def __repr__(self) -> str:
        state = "" if self.complete else ", not complete"
        return f"<Answer of {self.model}{state}: {self.text[:60]!r}{'…' if len(self.text) > 60 else ''}>"

    def _repr_mimebundle_(self, **_: Any) -> tuple[dict[str, str], dict[str, Any]]:
        """Return sanitized `text/html`, and `text/plain`, as in a chat cell."""
        if self._bundle is not None:
            return dict(self._bundle), dict(self._metadata or {})
        return self.mime_bundle("" if self.complete or self.problems else "Stopped before its end."), {}

    def _display_(self) -> Any:
        """Return what marimo displays."""
        from openrouter_nb.conversation.marimo_output import marimo_html

        return marimo_html(self._repr_mimebundle_()[0])

    def mime_bundle(self, note: str) -> dict[str, str]:
        """Return sanitized `text/html`, and `text/plain`, with a note below the text."""
        from openrouter_nb.render.answer.answer_bundle import result_bundle

        errors = None if self.parsed is None else ()
        # Runs without live output are compared with saved outputs, so omit the time.
        timing = None if os.environ.get("OPENROUTER_NB_LIVE") == "0" else self._timing
        return result_bundle(
            self.result,
            earlier=self.earlier,
            outcomes=self._outcomes(),
            timing=timing,
            label=self._label,
            note=note,
            errors=[str(problem) for problem in self.problems] if self.problems else errors,
            parsed=self.parsed,
        )


def _citation(entry: Mapping[str, Any]) -> Citation | None:
    """Source: OpenRouter docs, guides/features/plugins/web-search, August 2026."""
    from openrouter_nb.render.answer.citations import cited_page

    cited = cited_page(entry)
    if cited is None or not cited.get("url"):
        return None
    start, end = (
        index if isinstance(index := cited.get(name), int) else None for name in ("start_index", "end_index")
    )
    return Citation(
        str(cited["url"]), str(cited.get("title") or ""), str(cited.get("content") or ""), start, end
    )
