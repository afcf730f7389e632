"""A `chat` resource that replays recorded answers and records new ones."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, cast

from openrouter_nb.client import Chat
from openrouter_nb.errors import ConfigurationError
from openrouter_nb.replay.path import VARIABLE
from openrouter_nb.replay.request_key import canonical, key_of
from openrouter_nb.replay.responses import RecordingResponse, ReplayedResponse

if TYPE_CHECKING:
    from collections.abc import Iterable

    from openrouter_nb.client import OpenRouter
    from openrouter_nb.client.transport.http_transport import Response
    from openrouter_nb.components import ChatResult
    from openrouter_nb.replay.file import ReplayFile
    from openrouter_nb.replay.mode import Mode


class ReplayChat(Chat):
    """Like `client.chat`, but answers requests from the file if possible: without sending, a key, or cost.

    Replayed answers pass through the same decoder as those from the network. Errors and incomplete answers are not recorded.
    Create one for each prompt, which may take several requests.

    Args:
        client: Sends requests that are not in the file.
        mode: `live`, `auto` or `only`.
        file: The replay file.

    Attributes:
        served: For each request in order, whether it was answered from the file.
        note: A warning for the user, for example about unreadable lines; `""` if there is none.
    """

    def __init__(self, client: OpenRouter, mode: Mode, file: ReplayFile) -> None:
        super().__init__(cast("OpenRouter", _RecordingTransport(self, client)))
        self._mode = mode
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

    @property
    def label(self) -> str:
        """Text for the footer of the answer; `""` if there is none."""
        hits = sum(self.served)
        some = f"{hits} of {len(self.served)} requests replayed" if hits else ""
        return " · ".join(
            part for part in ("replayed, not paid" if self.replayed else some, self.note) if part
        )

    async def open(self, client: OpenRouter, body: bytes, **call: Any) -> Response:
        """Return a response from the file or from the network.

        Raises:
            ConfigurationError: it is not in the file, and the mode is `only`.
            OpenRouterError: as for the client.
        """
        if self._mode == "live":
            self.served.append(False)
            return await client.open(body=body, **call)
        parsed = json.loads(body)
        request = canonical(parsed)
        key = key_of(request)
        recorded = self._file.find(key)
        name = self._file.path.name
        if count := self._file.unreadable:
            self.note = f"{count} line{'' if count == 1 else 's'} of the replay file cannot be read"
        if recorded is not None:
            self.served.append(True)
            return cast("Response", ReplayedResponse(recorded, as_stream=bool(parsed.get("stream"))))
        if self._mode == "only":
            raise ConfigurationError(
                f"This request is not in {name}, and replay is `only`: nothing was sent.{self._nearest(request)} Use"
                f" replay `auto` once to record it, or name another file in {VARIABLE}."
            )

        self.served.append(False)

        async def record(result: ChatResult) -> None:
            try:
                await self._file.add(key, request, result.model_dump(mode="json", exclude_unset=True))
            except ConfigurationError as error:
                self.note = error.message

        return cast("Response", RecordingResponse(await client.open(body=body, **call), record))

    def _nearest(self, request: dict[str, Any]) -> str:
        fields = self._file.nearest(request)
        if fields is None:
            return " The file is empty."
        return f" The most similar recorded request differs in {', '.join(fields)}." if fields else ""


class ReplayClient:
    """A client for one prompt that uses a replay file, with the resources that a chat cell requires.

    Args:
        client: Sends requests that are not in the file.
        mode: `live`, `auto` or `only`.
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
        self.retry_policy = client.retry_policy
        self.default_timeout_ms = client.default_timeout_ms

    async def open(self, method: str, path: str, *, body: bytes, **options: Any) -> Response:
        return await self._chat.open(self._client, body, method=method, path=path, **options)
