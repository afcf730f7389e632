"""A page in Firefox, over WebDriver BiDi: Playwright does not drive a Firefox that a distribution builds.

`Page` has the methods of Playwright's that `Notebook` runs cells with.
"""

import itertools
import json
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Self

import websocket
from support.browser import VIEWPORT, Watch
from support.server_process import PATIENCE_S, ServerProcess

PREFERENCES = {
    # A proxy that does not exist: external requests fail at once. Addresses of this machine do not use it.
    "network.proxy.type": 1,
    "network.proxy.http": "127.0.0.1",
    "network.proxy.http_port": 9,
    "network.proxy.ssl": "127.0.0.1",
    "network.proxy.ssl_port": 9,
}
EVENTS = ["log.entryAdded", "network.beforeRequestSent", "browsingContext.userPromptOpened"]
CONTROL, ENTER = "\ue009", "\ue007"
# Any value of JSON goes in and comes out.
CALL = "async (argument) => JSON.stringify(await ({function})(JSON.parse(argument)))"
POLL_S = 0.1


class Firefox(ServerProcess):
    """A headless Firefox with a new profile in an empty folder."""

    def __init__(self, executable: str, profile: Path) -> None:
        lines = [
            f"user_pref({json.dumps(name)}, {json.dumps(value)});" for name, value in PREFERENCES.items()
        ]
        (profile / "user.js").write_text("\n".join(lines))
        command = [executable, "--headless", "--remote-debugging-port={port}", "--profile", str(profile)]
        super().__init__(command, cwd=profile, log=profile / "firefox.log", env={})


class Page:
    """The only tab of a Firefox. Events are recorded while a command waits for its result."""

    def __init__(self, firefox: Firefox) -> None:
        self.watch = Watch()
        self.url = "about:blank"
        self._ids = itertools.count(1)
        address = firefox.url.replace("http", "ws", 1) + "/session"
        # Firefox refuses connections that name an origin.
        self._socket = websocket.create_connection(address, timeout=PATIENCE_S, suppress_origin=True)
        self.version: str = self._send("session.new", capabilities={})["capabilities"]["browserVersion"]
        self._send("session.subscribe", events=EVENTS)
        (tab,) = self._send("browsingContext.getTree")["contexts"]
        self._tab = tab["context"]
        self._send("browsingContext.setViewport", context=self._tab, viewport=VIEWPORT)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()

    def goto(self, url: str) -> None:
        """Open an address."""
        self._send("browsingContext.navigate", context=self._tab, url=url, wait="complete")
        self.url = url

    def evaluate(self, function: str, argument: object = None) -> Any:
        """Call a function in the page, wait for its promise, and return the result."""
        answer = self._send(
            "script.callFunction",
            functionDeclaration=CALL.replace("{function}", function),
            arguments=[{"type": "string", "value": json.dumps(argument)}],
            awaitPromise=True,
            target={"context": self._tab},
        )
        if answer["type"] == "exception":
            raise RuntimeError(answer["exceptionDetails"]["text"])
        value = answer["result"].get("value")
        return None if value is None else json.loads(value)

    def wait_for_function(
        self, function: str, arg: object = None, timeout: float = PATIENCE_S * 1000
    ) -> None:
        """Wait until a function in the page returns something true."""
        self.wait_until(lambda: self.evaluate(function, arg), timeout / 1000)

    def wait_until(self, condition: Callable[[], object], patience_s: float = PATIENCE_S) -> None:
        """Wait until a condition is true, and record events meanwhile."""
        deadline = time.monotonic() + patience_s
        while not condition():
            if time.monotonic() > deadline:
                raise TimeoutError(f"not within {patience_s} s")
            time.sleep(POLL_S)
            self._send("session.status")  # events are received with its result

    def wait_for(self, selector: str, text: str = "") -> None:
        """Wait for an element with this text, also where Firefox does not lay it out, which `innerText` leaves out."""
        self.wait_for_function(
            "([selector, text]) => [...document.querySelectorAll(selector)].some((node) => node.textContent.includes(text))",
            [selector, text],
        )

    def click(self, selector: str) -> None:
        """Press the mouse on the first element of a CSS selector, once it is there."""
        self.wait_for(selector)
        self.evaluate(
            "(selector) => document.querySelector(selector).scrollIntoView({ block: 'nearest' })", selector
        )
        locator = {"type": "css", "value": selector}
        found = self._send("browsingContext.locateNodes", context=self._tab, locator=locator, maxNodeCount=1)
        origin = {"type": "element", "element": {"sharedId": found["nodes"][0]["sharedId"]}}
        self._act(
            "pointer",
            {"type": "pointerMove", "x": 0, "y": 0, "origin": origin},
            {"type": "pointerDown", "button": 0},
            {"type": "pointerUp", "button": 0},
        )

    def type(self, text: str) -> None:
        """Press and release a key for each character."""
        kinds = ("keyDown", "keyUp")
        self._act("key", *({"type": kind, "value": key} for key in text for kind in kinds))

    def press(self, *keys: str) -> None:
        """Press keys together."""
        downs = [{"type": "keyDown", "value": key} for key in keys]
        self._act("key", *downs, *({"type": "keyUp", "value": key} for key in reversed(keys)))

    def _act(self, kind: str, *actions: Mapping[str, object]) -> None:
        source = {"type": kind, "id": kind, "actions": actions}
        self._send("input.performActions", context=self._tab, actions=[source])

    def _send(self, method: str, **parameters: object) -> Any:
        number = next(self._ids)
        self._socket.send(json.dumps({"id": number, "method": method, "params": parameters}))
        while True:
            message = json.loads(self._socket.recv())
            if message["type"] == "event":
                self._record(message["method"], message["params"])
            elif message["id"] == number:
                if message["type"] == "error":
                    raise RuntimeError(f"{method}: {message['error']}: {message['message']}")
                return message["result"]

    def _record(self, event: str, content: Any) -> None:
        if event == "network.beforeRequestSent":
            self.watch.record_request(content["request"]["url"])
        elif event == "browsingContext.userPromptOpened":
            self.watch.dialogs.append(content["message"])
        elif content["type"] == "javascript" and content["level"] == "error":
            frames = (content.get("stackTrace") or {}).get("callFrames", [])
            self.watch.record_error(content["text"], "\n".join(frame["url"] for frame in frames))
