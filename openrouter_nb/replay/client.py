"""A `chat` resource that replays recorded answers and records new ones."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, cast

from openrouter_nb.client import Chat
from openrouter_nb.errors import ConfigurationError, ReplayMissError
from openrouter_nb.replay.lookups import log
from openrouter_nb.replay.path import VARIABLE, others_beside
from openrouter_nb.replay.request_key import canonical, key_of
from openrouter_nb.replay.responses import RecordingResponse, ReplayedFailure, ReplayedResponse

if TYPE_CHECKING:
    from collections.abc import Iterable

    from openrouter_nb.client import OpenRouter
    from openrouter_nb.client.retries import Clock, Policy, Retries
    from openrouter_nb.client.transport.http_transport import Response
    from openrouter_nb.components import ChatResult
    from openrouter_nb.errors import OpenRouterError
    from openrouter_nb.replay.file import ReplayFile
    from openrouter_nb.replay.index import RecordedExchange
    from openrouter_nb.replay.mode import Mode


class ReplayChat(Chat):
    """Like `client.chat`, but answers requests from the file if possible: without sending, a key, or cost.

    Replayed answers pass through the same decoder as those from the network. An error of the service is recorded as well, and
    replayed in mode `only`; mode `auto` sends the request again. Incomplete answers are not recorded. Create one for each
    prompt, which may take several requests.

    Args:
        client: Sends requests that are not in the file.
        mode: `auto` or `only`.
        file: The replay file.

    Attributes:
        served: For each request in order, whether it was answered from the file.
        note: A warning for the user, for example about unreadable lines; `""` if there is none.
    """

    def __init__(self, client: OpenRouter, mode: Mode, file: ReplayFile) -> None:
        super().__init__(cast("OpenRouter", _RecordingTransport(self, client)))
        self.mode = mode
        self._file = file
        self.served: list[bool] = []
        self.note = ""

    @property
    def replayed(self) -> bool:
        """Whether all requests were answered from the file, at no cost."""
        return bool(self.served) and all(self.served)

    def paid(self, replies: Iterable[ChatResult]) -> list[ChatResult]:
        """Return the responses that did not come from the file.

        Args:
            replies: Responses in the order of the requests; the last ones may be missing.
        """
        return [reply for reply, is_replayed in zip(replies, self.served, strict=False) if not is_replayed]

    async def open(self, client: OpenRouter, body: bytes, **call: Any) -> Response:
        """Return a response from the file or from the network.

        Raises:
            ReplayMissError: it is not in the file, and the mode is `only`.
            OpenRouterError: as for the client.
        """
        parsed = json.loads(body)
        request = canonical(parsed)
        key = key_of(request)
        recorded = self._file.find(key)
        if count := self._file.unreadable:
            self.note = f"{count} line{'' if count == 1 else 's'} of the replay file cannot be read"
        if recorded is not None and (recorded.answer is not None or self.mode == "only"):
            log(self._file, key, request, "replayed")
            self.served.append(True)
            return cast("Response", _replay(recorded, as_stream=bool(parsed.get("stream"))))
        if self.mode == "only":
            log(self._file, key, request, "missing")
            raise self._miss(request)
        log(self._file, key, request, "sent")
        self.served.append(False)

        async def record(**outcome: dict[str, Any]) -> None:
            if recorded is not None and recorded.failure == outcome.get("failure", ...):
                return
            try:
                await self._file.add(key, request, **outcome)
            except ConfigurationError as error:
                self.note = error.message

        return cast("Response", RecordingResponse(await client.open(body=body, **call), record))

    def _miss(self, request: dict[str, Any]) -> ReplayMissError:
        name = self._file.path.name
        message = f"This request is not in {name}, and replay is `only`: nothing was sent."
        nearest = self._file.nearest(request)
        if nearest is None:
            message += f" {name} has no recordings."
            if others := others_beside(self._file.path):
                message += f" This folder has {', '.join(others)}: {VARIABLE} names the file."
        error = ReplayMissError(message)
        error.differences = tuple(nearest or ())
        return error


def _replay(recorded: RecordedExchange, *, as_stream: bool) -> ReplayedResponse | ReplayedFailure:
    if recorded.answer is None:
        return ReplayedFailure(recorded.failure or {})
    return ReplayedResponse(recorded.answer, as_stream=as_stream)


class ReplayClient:
    """A client for one prompt that uses a replay file, with the resources that a chat cell requires.

    Args:
        client: Sends requests that are not in the file.
        mode: `auto` or `only`.
        file: The replay file.
    """

    def __init__(self, client: OpenRouter, mode: Mode, file: ReplayFile) -> None:
        self.chat = ReplayChat(client, mode, file)
        self.models = client.models


class _RecordingTransport:
    """The `RequestSender` of a `ReplayChat`."""

    def __init__(self, chat: ReplayChat, client: OpenRouter) -> None:
        self._chat = chat
        self._client = client
        self.default_timeout_ms = client.default_timeout_ms

    def retry_policy(self, retries: Retries) -> Policy:
        policy = self._client.retry_policy(retries)
        return _WithoutWaiting(policy) if self._chat.mode == "only" else policy

    async def open(self, method: str, path: str, *, body: bytes, **options: Any) -> Response:
        return await self._chat.open(self._client, body, method=method, path=path, **options)


class _WithoutWaiting:
    """A policy that retries as often as another one, at once: a replayed error has the number of its attempts."""

    def __init__(self, policy: Policy) -> None:
        self._policy = policy

    @property
    def clock(self) -> Clock:
        return self._policy.clock

    def wait_s(self, error: OpenRouterError, retries: int, elapsed_s: float) -> float | None:
        return None if self._policy.wait_s(error, retries, elapsed_s) is None else 0.0
