"""A real ipykernel, and a frontend that records every message with time and size and can reply to widgets.

with Kernel() as kernel:
    run = kernel.start("%%chat …")
    run.until(lambda: "three" in run.text)
    kernel.interrupt()
    assert run.finish()["status"] == "error"
"""

import os
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Self

import IPython
import pytest
import zmq
from ipykernel import version_info
from jupyter_client.manager import KernelManager
from support import forked_kernels
from support.outputs import fold, text_of

PATIENCE_S = 60
# Loads the extension without the conversations, costs and settings of before.
NEW_EXTENSION = "%unload_ext openrouter_nb\nget_ipython().meta.clear()\n%load_ext openrouter_nb"
needs_pages = pytest.mark.skipif(
    version_info[0] < 7, reason="ipykernel 6 delivers the messages of a page when the cell has ended"
)
#: A cell of this magic is not awaited.
TIMED = pytest.param(
    "%%time\n",
    id="not awaited",
    marks=pytest.mark.skipif(
        IPython.version_info[0] < 8, reason="%%time of IPython 7 catches the errors of its cell"
    ),
)
TOOLS = Path(__file__).resolve().parents[2] / "tools"
JsonObject = dict[str, Any]


def python_path(version: str) -> str:
    """PYTHONPATH for a kernel of this version of ipykernel: the installed one, or 7.3."""
    own = os.environ.get("PYTHONPATH", "")
    if version != "7.3":
        return own
    command = [sys.executable, str(TOOLS / "kernels.py")]
    older = subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    return os.pathsep.join(filter(None, [older, own]))


@dataclass(frozen=True)
class Message:
    """One message from the kernel."""

    channel: str
    type: str
    content: JsonObject
    metadata: JsonObject
    at: float
    """Seconds since the cell was sent."""
    sent: datetime
    """When the kernel made it, by its own clock."""
    size: int
    """Bytes on the wire, headers included."""


class Kernel:
    """A kernel, started and stopped by a `with` block.

    Args:
        env: Environment variables of the kernel.
        name: Kernel specification.
        console: Whether to number messages as consoles do; those of notebooks have random ids.
    """

    def __init__(
        self, *, env: dict[str, str] | None = None, name: str = "python3", console: bool = False
    ) -> None:
        self._is_console = console
        self._manager = KernelManager(kernel_name=name)
        self._env = env
        self.runs: list[Run] = []

    def __enter__(self) -> Self:
        forked_kernels.install()
        self._manager.start_kernel(env={**os.environ, **(self._env or {})})
        self.client = self._manager.blocking_client()
        self.client.start_channels()
        try:
            self.client.wait_for_ready(timeout=PATIENCE_S)
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.client.stop_channels()
        self._manager.shutdown_kernel(now=True)
        self._manager.cleanup_resources()
        self._manager.context.destroy(linger=0)  # `term` would wait for undelivered messages

    def start(
        self, code: str, *, allow_stdin: bool = True, answers: Iterable[str] = (), cell_id: str | None = None
    ) -> "Run":
        """Send a cell without waiting. `answers` are the replies to its input requests."""
        content = {
            "code": code,
            "silent": False,
            "store_history": True,
            "user_expressions": {},
            "allow_stdin": allow_stdin,
            "stop_on_error": True,
        }
        message = self.client.session.msg("execute_request", content)
        if not self._is_console:
            message["msg_id"] = message["header"]["msg_id"] = str(uuid.uuid4())
        message["metadata"] = {"cellId": cell_id} if cell_id else {}
        self.client.session.send(self.client.shell_channel.socket, message)
        run = Run(self, message["header"]["msg_id"], iter(answers))
        self.runs.append(run)
        return run

    def run(self, code: str, **options: Any) -> "Run":
        """Send a cell and wait for its end."""
        run = self.start(code, **options)
        run.finish()
        return run

    def interrupt(self) -> None:
        """The Stop button of the toolbar: SIGINT."""
        self._manager.interrupt_kernel()

    def wait_until_idle(self) -> None:
        """Wait until the kernel accepts cells again: ipykernel 6 also aborts those that arrive just after a failed one."""
        message = self.client.session.msg("kernel_info_request")
        self.client.session.send(self.client.shell_channel.socket, message)
        probe = Run(self, message["header"]["msg_id"], iter(()))
        self.runs.append(probe)
        probe.until(lambda: probe.is_idle)
        self.runs.remove(probe)

    def subshell(self) -> str:
        """Create a subshell: JupyterLab sends widget messages through one, so that a busy cell does not delay them."""
        request = self.client.session.msg("create_subshell_request")
        self.client.session.send(self.client.control_channel.socket, request)
        while True:
            message = self.client.get_control_msg(timeout=PATIENCE_S)
            if message["parent_header"].get("msg_id") == request["header"]["msg_id"]:
                return message["content"]["subshell_id"]

    def send_custom(self, comm_id: str, content: JsonObject, *, subshell: str | None = None) -> None:
        """Send a custom message, like `model.send(content)` in a widget's view."""
        self._send_comm(comm_id, {"method": "custom", "content": content}, subshell)

    def close_comm(self, comm_id: str) -> None:
        """Close a comm, like `model.close()` in a widget's view."""
        self._send_comm(comm_id, {}, None, kind="comm_close")

    def send_update(self, comm_id: str, state: JsonObject, *, subshell: str | None = None) -> None:
        """Send a state update, like `model.save_changes()` in a widget's view."""
        self._send_comm(comm_id, {"method": "update", "state": state, "buffer_paths": []}, subshell)

    def open_comm(self, target: str, data: JsonObject) -> None:
        """Open a comm, like the extension of JupyterLab: the kernel gets it before the next cell."""
        content = {"comm_id": uuid.uuid4().hex, "target_name": target, "data": data}
        message = self.client.session.msg("comm_open", content)
        self.client.session.send(self.client.shell_channel.socket, message)

    def _send_comm(
        self, comm_id: str, data: JsonObject, subshell: str | None, kind: str = "comm_msg"
    ) -> None:
        message = self.client.session.msg(kind, {"comm_id": comm_id, "data": data})
        message["header"]["subshell_id"] = subshell
        self.client.session.send(self.client.shell_channel.socket, message)


@dataclass
class Run:
    """A sent cell and its messages."""

    kernel: Kernel
    id: str
    answers: Iterable[str]
    messages: list[Message] = field(default_factory=list)
    reply: JsonObject | None = None
    is_idle: bool = False
    _displays: set[str] = field(default_factory=set)
    _start: float = field(default_factory=time.monotonic)

    def until(self, condition: Callable[[], Any], timeout: float = PATIENCE_S) -> Any:
        """Receive messages until the condition is true; return its value."""
        deadline = time.monotonic() + timeout
        while not (value := condition()):
            left = deadline - time.monotonic()
            if left <= 0:
                raise TimeoutError(f"not within {timeout} s; so far: {self.text[-2000:]}")
            self._receive(min(left, 0.05))
        return value

    def finish(self, timeout: float = PATIENCE_S) -> JsonObject:
        """Wait for the end of the cell; return the content of the kernel's reply."""
        self.until(lambda: self.reply is not None and self.is_idle, timeout)
        if self in self.kernel.runs:
            self.kernel.runs.remove(self)
        if version_info[0] < 7 and self.reply and self.reply["status"] == "error":
            self.kernel.wait_until_idle()
        return self.reply or {}

    @property
    def seconds(self) -> float:
        """Seconds since the cell was sent."""
        return time.monotonic() - self._start

    @property
    def published(self) -> list[Message]:
        """Messages to all frontends: outputs, widget messages, status."""
        return [message for message in self.messages if message.channel == "iopub"]

    @property
    def outputs(self) -> list[JsonObject]:
        """The current outputs of the cell, as in a notebook file."""
        return fold((message.type, message.content) for message in self.published)

    @property
    def text(self) -> str:
        """The plain text of all outputs."""
        return text_of(self.outputs)

    def comms(self, module: str = "anywidget") -> list[str]:
        """Ids of the widgets opened so far, by the module of their view or model."""
        opened = (message.content for message in self.published if message.type == "comm_open")
        return [c["comm_id"] for c in opened if c["data"].get("state", {}).get("_model_module") == module]

    def custom(self, comm_id: str) -> list[JsonObject]:
        """The custom messages that a widget sent so far."""
        sent = (message.content for message in self.published if message.type == "comm_msg")
        return [
            content["data"]["content"]
            for content in sent
            if content["comm_id"] == comm_id and content["data"].get("method") == "custom"
        ]

    def deltas(self, comm_id: str) -> list[JsonObject]:
        """The deltas of live answers that a widget sent so far."""
        return [delta for content in self.custom(comm_id) for delta in content.get("deltas", ())]

    def _receive(self, timeout: float) -> None:
        client = self.kernel.client
        sockets = {
            # jupyter_client 7 has sockets whose methods are coroutines, also in its blocking client.
            zmq.Socket.shadow(getattr(client, f"{name}_channel").socket.underlying): name
            for name in ("iopub", "shell", "stdin", "control")
        }
        poller = zmq.Poller()
        for socket in sockets:
            poller.register(socket, zmq.POLLIN)
        for socket, _ in poller.poll(timeout * 1000):
            frames = socket.recv_multipart()
            _, body = client.session.feed_identities(frames)
            message = client.session.deserialize(body)
            # A wait receives the messages of all runs, including those of a cell queued behind this one.
            for run in self.kernel.runs:
                run._take(message, sockets[socket], sum(map(len, frames)))

    def _take(self, message: JsonObject, channel: str, size: int) -> None:
        kind, content = message["msg_type"], message["content"]
        mine = message["parent_header"].get("msg_id") == self.id
        # A widget or a display updated by a background task sends messages with other parents: include those, too.
        display_id = content.get("transient", {}).get("display_id")
        if mine and kind == "display_data" and display_id:
            self._displays.add(display_id)
        if (
            mine
            or kind.startswith("comm_")
            or (kind == "update_display_data" and display_id in self._displays)
        ):
            self.messages.append(
                Message(
                    channel, kind, content, message["metadata"], self.seconds, message["header"]["date"], size
                )
            )
        if not mine:
            return
        if kind == "execute_reply":
            self.reply = content
        elif kind == "status" and content["execution_state"] == "idle":
            self.is_idle = True
        elif kind == "input_request":
            self.kernel.client.input(next(iter(self.answers)))
