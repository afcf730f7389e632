"""Start kernels as forks of a process that has imported their modules, which saves 0.7 s of processor time for each.

The kernels are ipykernel's own, with the arguments, the environment and the streams that they were started with. A kernel of
another Python, or with other variables that Python reads when it starts, is started as usual.
"""

import gc
import io
import json
import os
import pkgutil
import select
import signal
import socket
import subprocess
import sys
import tempfile
import time
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import Any

from jupyter_client import launcher

_LAUNCHER = ["-m", "ipykernel_launcher"]
_MODULES = (
    "ipykernel.kernelapp",
    "ipykernel.ipkernel",
    "IPython.core.completer",
    "ipywidgets",
    "anywidget",
    "openrouter_nb",
    # What each request and each answer imports.
    "anyio._backends._asyncio",
    "markdown_it",
)
# Programs, and modules whose import has effects or needs an optional package.
_NOT_IMPORTED = ("openrouter_nb.__main__", "openrouter_nb.simulator", "openrouter_nb.client.transport")
# With the largest environment of the tests a request has 20 kB.
_LONGEST_REQUEST = 1 << 17
_plain_popen = launcher.Popen
_templates: list["_Template"] = []


def install() -> None:
    """Fork the kernels that this process starts through jupyter_client."""
    # ipywidgets 7 registers with the kernel when it is imported, so that it cannot be imported before there is one.
    if sys.platform == "linux" and not version("ipywidgets").startswith("7."):
        launcher.Popen = _popen


def _popen(command: list[str], **options: Any) -> Any:
    if command[0] != sys.executable or command[1:3] != _LAUNCHER:
        return _plain_popen(command, **options)
    if not _templates:
        _templates.append(_Template())
    (template,) = _templates
    if _startup(options["env"]) != template.startup:
        return _plain_popen(command, **options)
    return template.fork(command[2:], options)


def _startup(env: Any) -> dict[str, str]:
    """Return the variables that are read when Python starts and when the modules are imported."""
    read = ("PYTHON", "LC_", "LANG", "TZ", "OPENROUTER_NB_HTTP")
    return {name: env[name] for name in env if name.startswith(read)}


class ForkedKernel:
    """A kernel with the methods of `subprocess.Popen` that jupyter_client uses."""

    stdout = stderr = None

    def __init__(self, connection: socket.socket) -> None:
        self.stdin = io.BytesIO()  # jupyter_client closes it
        self._connection = connection
        self.pid = int(connection.recv(64))
        self.returncode: int | None = None

    def poll(self) -> int | None:
        """Return the exit status, None while the kernel runs."""
        if self.returncode is None and select.select([self._connection], [], [], 0)[0]:
            self.returncode = int(self._connection.recv(64) or -signal.SIGKILL)
            self._connection.close()
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Return the exit status of the kernel once it has ended."""
        if self.returncode is None and not select.select([self._connection], [], [], timeout)[0]:
            raise subprocess.TimeoutExpired("kernel", timeout or 0)
        return self.poll()

    def send_signal(self, number: int) -> None:
        """Send a signal to a kernel that runs."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        """Send SIGTERM."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """Send SIGKILL."""
        self.send_signal(signal.SIGKILL)


class _Template:
    """The process that is forked. It ends with the process that has started it."""

    def __init__(self) -> None:
        self.startup = _startup(os.environ)
        self._folder = tempfile.TemporaryDirectory(prefix="kernels-")
        self._address = str(Path(self._folder.name, "socket"))
        # Its standard input stays open as long as this process runs.
        self._process = _plain_popen([sys.executable, __file__, self._address], stdin=subprocess.PIPE)

    def fork(self, arguments: list[str], options: dict[str, Any]) -> ForkedKernel:
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        while True:
            try:
                connection.connect(self._address)
                break
            except OSError:
                if self._process.poll() is not None:
                    raise
                time.sleep(0.02)  # it imports the modules before it listens
        request = {
            "arguments": arguments,
            "env": dict(options["env"]),
            "cwd": options["cwd"] or str(Path.cwd()),
        }
        streams = [_descriptor(options[name], number) for number, name in ((1, "stdout"), (2, "stderr"))]
        socket.send_fds(connection, [json.dumps(request).encode()], streams)
        return ForkedKernel(connection)


def _descriptor(stream: Any, default: int) -> int:
    return default if stream is None else stream if isinstance(stream, int) else stream.fileno()


# -- in the process that is forked


def _import_all() -> None:
    for name in _MODULES:
        import_module(name)
    import ipywidgets

    import openrouter_nb

    # As in a kernel that imports ipywidgets, which then asks for the state of all widgets after a reload of the page.
    ipywidgets.register_comm_target()
    for found in pkgutil.walk_packages(openrouter_nb.__path__, "openrouter_nb."):
        if not found.name.startswith(_NOT_IMPORTED):
            import_module(found.name)
    # The variable that selects it is among those that a forked kernel shares with this process.
    from openrouter_nb.client.transport.http_transport import installed_library

    # Its modules are imported with the first transport. Without certificates, which depend on other variables.
    installed_library().AsyncHTTPTransport(verify=False)


def _serve(address: str) -> list[str]:
    """Fork for each request, forever. Returns the arguments of the kernel in the forked process."""
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    listener.bind(address)
    listener.listen(64)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    while True:
        if 0 in select.select([listener, 0], [], [])[0]:
            sys.exit()
        connection, _ = listener.accept()
        request, streams, *_ = socket.recv_fds(connection, _LONGEST_REQUEST, 2)
        if os.fork() == 0:
            listener.close()
            return _start(connection, json.loads(request), streams)
        connection.close()
        for stream in streams:
            os.close(stream)


def _start(connection: socket.socket, request: dict[str, Any], streams: list[int]) -> list[str]:
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    kernel = os.fork()
    if kernel:
        _report_exit(connection, kernel)
    os.setsid()
    connection.send(str(os.getpid()).encode())
    connection.close()
    null = os.open(os.devnull, os.O_RDONLY)
    for number, stream in enumerate((null, *streams)):
        os.dup2(stream, number)
        os.close(stream)
    os.chdir(request["cwd"])
    os.environ.clear()
    os.environ.update(request["env"])
    time.tzset()
    signal.signal(signal.SIGINT, signal.default_int_handler)
    return request["arguments"]


def _report_exit(connection: socket.socket, kernel: int) -> None:
    """Wait for the end of the kernel and report its exit status. Ends the kernel if the process that started it has ended."""
    ended = os.pidfd_open(kernel)
    if ended not in select.select([connection, ended], [], [])[0]:
        os.kill(kernel, signal.SIGKILL)
    status = os.waitstatus_to_exitcode(os.waitpid(kernel, 0)[1])
    try:
        connection.send(str(status).encode())
    finally:
        os._exit(0)


if __name__ == "__main__":
    _, own_address = sys.argv
    del sys.path[0]
    _import_all()
    gc.freeze()
    sys.argv[:] = _serve(own_address)
    from ipykernel.kernelapp import IPKernelApp, launch_new_instance

    # ipykernel reads the id of its parent, with which it ends, when it is imported.
    IPKernelApp.parent_handle.default_value = os.getppid()
    launch_new_instance()
