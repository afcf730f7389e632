"""Execute each request of a page once: a page sends a request without a reply again, under the same id."""

from __future__ import annotations

from typing import Generic, TypeVar

Reply = TypeVar("Reply")

# A page has at most one command per parameter and about ten others on the way.
_MAX_REPLIES = 500
_MAX_BYTES = 32 * 1024 * 1024


class ExecutedRequests(Generic[Reply]):
    """The replies of the last 500 requests by id. Call every method on one event loop, or with one lock.

    Args:
        lost: Replaces the oldest replies once all together have more than 32 MiB.
    """

    def __init__(self, lost: Reply) -> None:
        self._lost = lost
        self._running: set[int] = set()
        self._replies: dict[int, tuple[Reply, int]] = {}
        self._bytes = 0

    def begin(self, id_: int) -> bool:
        """Return whether a request is new, and must be executed."""
        if id_ in self._running or id_ in self._replies:
            return False
        self._running.add(id_)
        return True

    def reply(self, id_: int) -> Reply | None:
        """Return the reply of a request that has ended, None for another one."""
        found = self._replies.get(id_)
        return None if found is None else found[0]

    def finish(self, id_: int, reply: Reply, size: int = 0) -> None:
        """Store the reply of a request.

        Args:
            id_: Id of the request.
            reply: Its reply.
            size: Approximate size of the reply in bytes.
        """
        self._running.discard(id_)
        self._replies[id_] = reply, size
        self._bytes += size
        if len(self._replies) > _MAX_REPLIES:
            self._bytes -= self._replies.pop(next(iter(self._replies)))[1]
        for oldest, (_, its_size) in list(self._replies.items()):
            if self._bytes <= _MAX_BYTES:
                break
            self._replies[oldest] = self._lost, 0
            self._bytes -= its_size
