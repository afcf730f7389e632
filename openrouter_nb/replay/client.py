"""`chat` of a client, with a file before the network."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, cast

from openrouter_nb.client import Chat
from openrouter_nb.errors import ConfigurationError
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
    """Sends like `client.chat`, unless the file has the answer: then nothing is sent, no key is needed, and nothing paid.

    The answer goes through the same decoder as one from the network. Errors, and answers that did not come to their end,
    are never kept. One is made for each question, which may take several requests.

    Args:
        client: Sends what has to be sent.
        mode: `live`, `auto` or `only`.
        file: Where answers are kept.

    Attributes:
        served: For each request in order, whether it was answered from the file.
        note: What the reader should know, such as that lines could not be read; `""` for nothing.
    """

    def __init__(self, client: OpenRouter, mode: Mode, file: ReplayFile) -> None:
        super().__init__(cast("OpenRouter", _RecordingTransport(self, client)))
        self._mode = mode
        self._file = file
        self.served: list[bool] = []
        self.note = ""

    @property
    def replayed(self) -> bool:
        """Whether everything came from the file, so that nothing was paid."""
        return bool(self.served) and all(self.served)

    def paid(self, replies: Iterable[ChatResult]) -> list[ChatResult]:
        """Return those of the replies to this question that did not come from the file.

        Args:
            replies: In the order of the requests; the last ones may be missing.
        """
        return [reply for reply, kept in zip(replies, self.served, strict=False) if not kept]

    @property
    def label(self) -> str:
        """What the line under the answer says of it, `""` for nothing."""
        hits = sum(self.served)
        some = f"{hits} of {len(self.served)} requests replayed" if hits else ""
        return " · ".join(
            part for part in ("replayed, not paid" if self.replayed else some, self.note) if part
        )

    async def open(self, client: OpenRouter, body: bytes, **call: Any) -> Response:
        """Return a response from the file or from the network.

        Raises:
            ConfigurationError: the file does not have it, and nothing may be sent.
            OpenRouterError: as for the client.
        """
        if self._mode == "live":
            self.served.append(False)
            return await client.open(body=body, **call)
        parsed = json.loads(body)
        asked = canonical(parsed)
        key = key_of(asked)
        kept = self._file.find(key)
        name = self._file.path.name
        if lost := self._file.unreadable:
            self.note = f"{lost} line{'' if lost == 1 else 's'} of the replay files cannot be read"
        if kept is not None:
            self.served.append(True)
            return cast("Response", ReplayedResponse(kept, as_stream=bool(parsed.get("stream"))))
        if self._mode == "only":
            raise ConfigurationError(
                f"This request is not in {name}, and replay is `only`: nothing was sent.{self._nearest(asked)} Ask"
                " once with replay `auto` to record it."
            )

        self.served.append(False)

        def keep(result: ChatResult) -> None:
            try:
                self._file.add(key, asked, result.model_dump(mode="json", exclude_unset=True))
            except ConfigurationError as error:
                self.note = error.message

        return cast("Response", RecordingResponse(await client.open(body=body, **call), keep))

    def _nearest(self, asked: dict[str, Any]) -> str:
        fields = self._file.nearest(asked)
        if fields is None:
            return " The file is empty."
        return f" The nearest one there differs in {', '.join(fields)}." if fields else ""


class ReplayClient:
    """A client for one question, with a file before the network: what the engine of a cell needs of one.

    Args:
        client: Sends what has to be sent.
        mode: `live`, `auto` or `only`.
        file: Where answers are kept.
    """

    def __init__(self, client: OpenRouter, mode: Mode, file: ReplayFile) -> None:
        self.chat = ReplayChat(client, mode, file)
        self.models = client.models


class _RecordingTransport:
    """What `Chat` needs of a client."""

    def __init__(self, chat: ReplayChat, client: OpenRouter) -> None:
        self._chat = chat
        self._client = client
        self.retry_policy = client.retry_policy
        self.default_timeout_ms = client.default_timeout_ms

    async def open(self, method: str, path: str, *, body: bytes, **options: Any) -> Response:
        return await self._chat.open(self._client, body, method=method, path=path, **options)
