"""HTTP through the browser's `fetch`, for Pyodide, which has no sockets.

Not httpx2-jsfetch 1.0, which httpx2 uses there: closing its response does not end the request, so the service would continue an
answer that is billed, and its chunks are views of memory.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

# The browser sets these, decodes the body itself, or would ask the server for permission first.
_LEFT_OUT = {"accept-encoding", "connection", "content-length", "host", "user-agent"}


def fetch_transport(library: Any) -> Any:
    """Return a transport of a library, httpx or httpx2, that uses `fetch`; None where there is no such function."""
    try:
        from pyodide.ffi import JsException, to_js

        from js import AbortController, Object, fetch
    except ImportError:
        return None

    class FetchBody(library.AsyncByteStream):  # type: ignore[misc]
        def __init__(self, request: Any, response: Any, controller: Any) -> None:
            self._request = request
            self._reader = response.body and response.body.getReader()
            self._controller = controller

        async def __aiter__(self) -> AsyncIterator[bytes]:
            try:
                while self._reader and not (part := await self._reader.read()).done:
                    yield part.value.to_bytes()
            except JsException as error:
                raise library.ReadError(str(error.message), request=self._request) from None

        async def aclose(self) -> None:
            self._controller.abort()

    class FetchTransport(library.AsyncBaseTransport):  # type: ignore[misc]
        async def handle_async_request(self, request: Any) -> Any:
            controller = AbortController.new()
            options = {
                "method": request.method,
                "headers": {name: value for name, value in request.headers.items() if name not in _LEFT_OUT},
                "body": await request.aread() or None,
                "signal": controller.signal,
                "cache": "no-store",
                "credentials": "omit",
                "redirect": "manual",
            }
            try:
                response = await fetch(str(request.url), to_js(options, dict_converter=Object.fromEntries))
            except JsException as error:
                raise library.ConnectError(
                    f"{error.message}: the server cannot be reached, or does not allow requests of this page (CORS)",
                    request=request,
                ) from None
            except BaseException:
                controller.abort()
                raise
            if response.type == "opaqueredirect":
                raise library.RemoteProtocolError("The server redirects to another address", request=request)
            headers = [(name, value) for name, value in response.headers if name != "content-encoding"]
            body = FetchBody(request, response, controller)
            return library.Response(response.status, headers=headers, stream=body)

    return FetchTransport()
