"""What every chat returns, in a cell and in Python alike."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from openrouter_nb.conversation.media import Media, audio, image

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
    """A source that an answer names.

    Attributes:
        url: Its address.
        title: Its title.
        content: What was read there, where the service sends it.
        start: Where in the text it is cited, in characters; None where the service does not say.
        end: The character after.
    """

    url: str
    title: str = ""
    content: str = ""
    start: int | None = None
    end: int | None = None


class Answer:
    """An answer: `_` and `Out[n]` after a chat cell, and what `chat()` returns.

    Args:
        result: What the service sent, as `OpenRouter().chat.send` returns it.
        complete: False where it was stopped before its end.
        messages: The conversation that led to it, its own messages included.
        parsed: The object of a structured answer.
        timing: How long it took, to be shown.
        replayed: Whether it came from a replay file.
        label: What else the line under it says.
        bundle: The mime bundle to show; None makes one from the result.
        metadata: Output metadata to go with the bundle.

    Attributes:
        result: The whole result.
        complete: Whether the answer came to its end.
        messages: The conversation, this answer included: what another request can go on from.
        parsed: The validated object of a structured answer, else None.
        replayed: Whether it came from a replay file, and so cost nothing this time.
        calls: The calls of tools that led to it, each with its result.
        earlier: The replies that asked for them.
        stopped_by: The limit of calls, rounds or cost at which it was given up, else None.
        problems: Where a structured answer is not what was asked for.
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
        """The text, as the model wrote it."""
        return self.result.text

    @property
    def reasoning(self) -> str:
        """The reasoning, `""` where there is none."""
        from openrouter_nb.render.answer.answer_bundle import reasoning_text

        return reasoning_text(self.result)

    @property
    def code(self) -> str:
        """The code of the text: all its blocks of Python, else the first block of another language; `""` without any."""
        from openrouter_nb.render.answer.code_blocks import code_of

        return code_of(self.text)

    @property
    def refusal(self) -> str:
        """Why the model refused, `""` where it did not."""
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
        """Price in US dollars, as OpenRouter reports it; None where it does not."""
        return self.result.usage.cost if self.result.usage else None

    @property
    def tool_calls(self) -> list[ChatToolCall]:
        """The calls of tools that the model asks for, `[]` where it asks for none."""
        return list(self._message.tool_calls or ()) if self._message else []

    @property
    def images(self) -> list[Media]:
        """The pictures of the answer, `[]` where there are none."""
        entries = self._message.images if self._message else None
        return [found for entry in entries or () if (found := image(entry))]

    @property
    def audio(self) -> Media | None:
        """The sound of the answer, None where there is none."""
        return audio(self._message.audio) if self._message else None

    @property
    def citations(self) -> list[Citation]:
        """The sources that the answer names, `[]` where there are none."""
        annotations = self._message.annotations if self._message else None
        return [found for entry in annotations or () if (found := _citation(entry))]

    @property
    def _message(self) -> ChatAssistantMessage | None:
        return self.result.choices[0].message if self.result.choices else None

    def _outcomes(self) -> dict[str, ToolCallView]:
        if not self.calls:
            return {}
        from openrouter_nb.tools.call_status import tool_call_view

        return {call.id: tool_call_view(call) for call in self.calls}

    def __str__(self) -> str:
        return self.text

    def __await__(self) -> Generator[Any, None, Self]:
        """Return itself: `await _` is right whether or not the cell had `--bg`, and `await chat(…)` does no harm."""
        return self._here().__await__()

    async def _here(self) -> Self:
        return self

    def __repr__(self) -> str:
        cut = "" if self.complete else ", not complete"
        return f"<Answer of {self.model}{cut}: {self.text[:60]!r}{'…' if len(self.text) > 60 else ''}>"

    def _repr_mimebundle_(self, **_: Any) -> tuple[dict[str, str], dict[str, Any]]:
        """Show it as a chat cell does: harmless `text/html`, and `text/plain`."""
        if self._bundle is not None:
            return dict(self._bundle), dict(self._metadata or {})
        from openrouter_nb.render.answer.answer_bundle import result_bundle

        errors = None if self.parsed is None else ()
        # Runs without live output are compared with saved ones, where no time is like another.
        timing = None if os.environ.get("OPENROUTER_NB_LIVE") == "0" else self._timing
        bundle = result_bundle(
            self.result,
            earlier=self.earlier,
            outcomes=self._outcomes(),
            timing=timing,
            label=self._label,
            note="" if self.complete or self.problems else "Stopped before its end.",
            errors=[str(problem) for problem in self.problems] if self.problems else errors,
        )
        return bundle, {}


def _citation(entry: Mapping[str, Any]) -> Citation | None:
    """Source: OpenRouter docs, guides/features/plugins/web-search, August 2026."""
    from openrouter_nb.render.answer.citations import cited_page

    cited = cited_page(entry)
    if cited is None or not cited.get("url"):
        return None
    start, end = (
        place if isinstance(place := cited.get(name), int) else None for name in ("start_index", "end_index")
    )
    return Citation(
        str(cited["url"]), str(cited.get("title") or ""), str(cited.get("content") or ""), start, end
    )
