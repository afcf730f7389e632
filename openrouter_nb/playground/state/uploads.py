"""Files that a page sends in pieces: a message may not exceed the limit of the server, 10 MiB in jupyter_server."""

from __future__ import annotations

from openrouter_nb.playground.state.thread_items import PlaygroundError

# `js/src/playground/store/uploads.ts` refuses larger files before it sends them.
MAX_FILE_BYTES = 20 * 1024 * 1024
# Pages upload one file at a time. Others were abandoned, for example by a reload.
_MAX_UPLOADS = 4


class Uploads:
    """The files that have not arrived completely, by the id that their page has given them."""

    def __init__(self) -> None:
        self._files: dict[str, bytearray] = {}

    def add(self, id_: str, at: int, piece: bytes) -> None:
        """Append a piece.

        Args:
            id_: The upload.
            at: Position of the piece in bytes; 0 begins the file.
            piece: The bytes.

        Raises:
            PlaygroundError: an earlier piece is missing, or the file is larger than 20 MiB.
        """
        if at == 0:
            self._files[id_] = bytearray()
            while len(self._files) > _MAX_UPLOADS:
                del self._files[next(iter(self._files))]
        file = self._files.get(id_)
        if file is None or len(file) != at:
            raise PlaygroundError("A part of the file was lost. Attach it again.")
        if at + len(piece) > MAX_FILE_BYTES:
            del self._files[id_]
            raise PlaygroundError(f"The file is larger than {MAX_FILE_BYTES // 2**20} MiB.")
        file += piece

    def take(self, id_: str) -> bytes:
        """Return a complete file and forget it.

        Raises:
            PlaygroundError: it did not arrive.
        """
        file = self._files.pop(id_, None)
        if file is None:
            raise PlaygroundError("The file did not arrive. Attach it again.")
        return bytes(file)
