"""`compare`: send a prompt to several models concurrently."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from openrouter_nb.client import background_loop
from openrouter_nb.client.streaming.partial import attach_partial
from openrouter_nb.conversation.api import stream
from openrouter_nb.conversation.errors import WrongAnswerError, failure_of
from openrouter_nb.errors import ConfigurationError, OpenRouterError
from openrouter_nb.user_code import without_exits

if TYPE_CHECKING:
    from openrouter_nb.client import OpenRouter
    from openrouter_nb.conversation.answer import Answer
    from openrouter_nb.conversation.answer_stream import AnswerStream
    from openrouter_nb.replay.mode import Mode


class Comparison(Mapping[str, "Answer"]):
    """Answers of several models to one prompt, by requested model id, in order.

    `comparison[model]` returns the answer or raises the error of that model. Iteration yields all ids.

    Attributes:
        answers: The successful answers, by model.
        errors: The errors, by model.
    """

    def __init__(self, outcomes: Mapping[str, Answer | OpenRouterError]) -> None:
        self._outcomes = dict(outcomes)
        self.answers: dict[str, Answer] = {}
        self.errors: dict[str, OpenRouterError] = {}
        for model, outcome in outcomes.items():
            if isinstance(outcome, OpenRouterError):
                self.errors[model] = outcome
            else:
                self.answers[model] = outcome

    @property
    def text(self) -> str:
        """All answers as Markdown with the model ids as headings, for reading or for a prompt to a judging model."""
        return "\n\n".join(f"## {model}\n\n{answer.text}" for model, answer in self.answers.items())

    @property
    def cost(self) -> float:
        """US dollars of all answers, as reported by OpenRouter."""
        return sum(answer.cost or 0.0 for answer in self.answers.values() if not answer.replayed)

    @property
    def records(self) -> list[dict[str, Any]]:
        """One dict per model, for `pandas.DataFrame(…)`: model, text, tokens, cost, error."""
        rows: list[dict[str, Any]] = []
        for model, outcome in self._outcomes.items():
            failed = isinstance(outcome, OpenRouterError)
            answer = None if failed else self.answers[model]
            usage = answer.usage if answer else None
            rows.append(
                {
                    "model": model,
                    "text": answer.text if answer else None,
                    "prompt_tokens": usage.prompt_tokens if usage else None,
                    "completion_tokens": usage.completion_tokens if usage else None,
                    "cost": answer.cost if answer else None,
                    "error": str(self.errors[model]) if failed else _problems_text(answer),
                }
            )
        return rows

    def __getitem__(self, model: str) -> Answer:
        """Return the answer of a model.

        Raises:
            OpenRouterError: the error of that model.
            KeyError: the model is not part of the comparison.
        """
        __tracebackhide__ = True
        if model in self.errors:
            raise self.errors[model].with_traceback(None)
        return self.answers[model]

    def __contains__(self, model: object) -> bool:
        return model in self._outcomes

    def __iter__(self) -> Iterator[str]:
        return iter(self._outcomes)

    def __len__(self) -> int:
        return len(self._outcomes)

    def __repr__(self) -> str:
        failed = f", {len(self.errors)} failed" if self.errors else ""
        return f"<Comparison of {len(self)} models{failed}>"

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        """Return the answers side by side, each with its footer or error."""
        from openrouter_nb.render.answer.answer_bundle import result_bundle
        from openrouter_nb.render.errors.banners import banner
        from openrouter_nb.render.html.html_parts import side_by_side

        bundles = [
            result_bundle(outcome.partial, banner=banner(outcome, again=""))
            if isinstance(outcome, OpenRouterError)
            else outcome._repr_mimebundle_()[0]
            for outcome in self._outcomes.values()
        ]
        return side_by_side(bundles, list(self._outcomes))


def _problems_text(answer: Answer | None) -> str | None:
    return "; ".join(map(str, answer.problems)) or None if answer else None


def compare(
    prompt: Any,
    models: Sequence[str],
    *,
    system: str | None = None,
    images: Any = (),
    files: Any = (),
    client: OpenRouter | None = None,
    replay: Mode | None = None,
    **parameters: Any,
) -> Comparison:
    """Send a prompt to several models concurrently, and wait for all. A failure does not stop the others.

    Args:
        prompt: The prompt, as for `chat()`.
        models: Model ids, without duplicates.
        system: System prompt.
        images: Images, as for `chat()`.
        files: Files, as for `chat()`.
        client: An `OpenRouter` client. Default: a shared one.
        replay: As for `chat()`.
        **parameters: Fields of every request; `tools`, `schema` and their options as for `chat()`.

    Returns:
        The answers and errors by model; as the value of a cell they are rendered side by side. An answer that does not
        match `schema` is among the answers, with its `problems`.

    Raises:
        TypeError: an unknown keyword, or `models` is not a list of ids.
        ValueError: no model, or a duplicate.
        PromptError: the prompt is empty or cannot be converted.
        ConfigurationError: no request could be sent, for example without a key.
        KeyboardInterrupt: Ctrl-C; `interrupt.partial` is the comparison of the answers so far.

    Example:
        >>> from openrouter_nb import compare
        >>> both = compare("Say hello.", ["openai/gpt-5-mini", "openai/gpt-5-mini-typo"])
        >>> both
        <Comparison of 2 models, 1 failed>
        >>> both["openai/gpt-5-mini"].text
        'Hello!'
        >>> both.errors["openai/gpt-5-mini-typo"].status_code
        400
    """
    __tracebackhide__ = True
    streams = _streams(
        prompt,
        models,
        system=system,
        images=images,
        files=files,
        client=client,
        replay=replay,
        **parameters,
    )
    try:
        return background_loop.run_sync(partial(_together, streams))
    except OpenRouterError as error:
        raise error.with_traceback(None) from error.__cause__
    except KeyboardInterrupt as interrupt:
        attach_partial(interrupt, _so_far(streams))
        raise


async def acompare(
    prompt: Any,
    models: Sequence[str],
    *,
    system: str | None = None,
    images: Any = (),
    files: Any = (),
    client: OpenRouter | None = None,
    replay: Mode | None = None,
    **parameters: Any,
) -> Comparison:
    """Like `compare`, but awaitable. Arguments, return value and errors are the same."""
    __tracebackhide__ = True
    streams = _streams(
        prompt,
        models,
        system=system,
        images=images,
        files=files,
        client=client,
        replay=replay,
        **parameters,
    )
    try:
        return await _together(streams)
    except asyncio.CancelledError as cancelled:  # an interrupt of an awaited cell
        attach_partial(cancelled, _so_far(streams))
        raise cancelled.with_traceback(None) from None


def _streams(prompt: Any, models: Sequence[str], **options: Any) -> dict[str, AnswerStream]:
    __tracebackhide__ = True
    if isinstance(models, (str, type)) or not all(isinstance(model, str) for model in models):
        raise TypeError(f"compare() takes a list of model ids, not {models!r}.")
    if not models:
        raise ValueError("compare() requires at least one model.")
    if twice := [model for index, model in enumerate(models) if model in models[:index]]:
        raise ValueError(f"compare() takes each model once; {twice[0]} is listed twice.")
    return {model: stream(prompt, model=model, **options) for model in models}


def _so_far(streams: Mapping[str, AnswerStream]) -> Comparison:
    """Return the answers as far as they have arrived, complete or not."""
    return Comparison({model: pieces.answer for model, pieces in streams.items()})


async def _together(streams: Mapping[str, AnswerStream]) -> Comparison:
    __tracebackhide__ = True
    try:
        async with asyncio.TaskGroup() as group:
            # An interrupt cancels the group and with it every request.
            tasks = {
                model: group.create_task(without_exits(_outcome(pieces))) for model, pieces in streams.items()
            }
    except ExceptionGroup as several:
        raise several.exceptions[0] from None
    outcomes = {model: task.result() for model, task in tasks.items()}
    first = next(iter(outcomes.values()))
    if isinstance(first, ConfigurationError) and all(map(_was_not_sent, outcomes.values())):
        raise first
    return Comparison(outcomes)


def _was_not_sent(outcome: Answer | OpenRouterError) -> bool:
    return isinstance(outcome, ConfigurationError)


async def _outcome(pieces: AnswerStream) -> Answer | OpenRouterError:
    try:
        async for _ in pieces:  # without `wait_async`, which would show the first of the answers in marimo
            pass
    except WrongAnswerError as error:
        return error.answer  # with its `problems`; keep the other answers
    except OpenRouterError as error:
        return error.with_traceback(None)
    except Exception as error:  # noqa: BLE001 - a callback may raise anything; keep the other answers
        return failure_of(error, getattr(error, "partial", None))
    return pieces.answer
