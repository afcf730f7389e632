"""Command line interface `openrouter-nb`."""

import argparse
import ipaddress
import signal
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

LOOPBACK = "127.0.0.1"
INSTALL = 'The simulator needs tornado: pip install "openrouter-nb[simulator]"'


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command.

    Args:
        argv: Arguments without the program name; None for `sys.argv[1:]`.

    Returns:
        Exit status: 0; 1 if the server could not start.

    Raises:
        SystemExit: 2 for invalid arguments.
    """
    options = parser().parse_args(argv)
    return simulator(options)


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    top = argparse.ArgumentParser(prog="openrouter-nb", description="Tools for OpenRouter in notebooks.")
    commands = top.add_subparsers(title="commands", required=True, metavar="COMMAND")
    command = commands.add_parser(
        "simulator",
        help="run a local server that speaks OpenRouter's protocol",
        description="Run a local server that speaks OpenRouter's protocol: scripted models (demo/...), recorded "
        "traffic (recorded/...) and, when its wheels are installed, a real small language model (local/...). "
        "It needs no key, no account and no network.",
        epilog="The first line of output is a shell command that makes clients use the simulator.",
    )
    command.add_argument(
        "--port", type=_port, default=4010, help="port to listen on; 0 for a free one (default 4010)"
    )
    command.add_argument(
        "--host",
        default=LOOPBACK,
        help="address to listen on (default %(default)s); others expose the simulator to the network",
    )
    command.add_argument(
        "--recordings", metavar="DIR", help="directory of recorded traffic to serve as models"
    )
    command.add_argument(
        "--require-key", action="store_true", help="answer 401 unless a key (sk-or-...) is sent"
    )
    command.add_argument("--no-local", action="store_true", help="do not serve the embedded language model")
    command.add_argument("--quiet", action="store_true", help="do not log requests")
    return top


def simulator(options: argparse.Namespace) -> int:
    """Run the simulator until SIGINT or SIGTERM."""
    # Installed before the server starts, so that Ctrl-C always ends it the same way.
    with _signals_as_event() as stop:
        return _serve(options, stop)


def _serve(options: argparse.Namespace, stop: threading.Event) -> int:
    try:
        from openrouter_nb.simulator import Simulator  # tornado is an extra
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] != "tornado":
            raise
        print(INSTALL, file=sys.stderr)
        return 1
    if not _is_loopback(options.host):
        print(f"Warning: {options.host} can be reached from other machines.", file=sys.stderr)
    try:
        server = Simulator(
            recordings=options.recordings,
            require_key=options.require_key,
            local=not options.no_local,
            host=options.host,
            port=options.port,
            log=None if options.quiet else _print_request,
        )
    except OSError as error:
        print(f"Cannot start: {error}", file=sys.stderr)
        return 1
    with server:
        print(f"export OPENROUTER_BASE_URL={server.base_url}")
        print(f"# {server.description}", flush=True)
        # On Windows, Ctrl-C does not interrupt a wait without a timeout.
        while not stop.wait(0.5):
            pass
    return 0


@contextmanager
def _signals_as_event() -> Iterator[threading.Event]:
    stop = threading.Event()
    before = {
        number: signal.signal(number, lambda *_: stop.set()) for number in (signal.SIGINT, signal.SIGTERM)
    }
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _print_request(method: str, path: str, status: int, milliseconds: float) -> None:
    print(f"{method} {path} {status} {milliseconds:.0f} ms", file=sys.stderr, flush=True)


def _port(word: str) -> int:
    port = int(word)
    if not 0 <= port <= 65_535:
        raise argparse.ArgumentTypeError("a port is a number from 0 to 65535")
    return port


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


if __name__ == "__main__":
    sys.exit(main())
