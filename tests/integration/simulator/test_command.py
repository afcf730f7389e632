"""The command starts, says where it is, and ends without a traceback."""

import signal
import subprocess
import sys

import httpx
import pytest
from support.wire import until

from openrouter_nb.__main__ import main

COMMAND = [sys.executable, "-m", "openrouter_nb", "simulator"]


@pytest.fixture
def started():
    processes = []

    def start(*options):
        process = subprocess.Popen(
            [*COMMAND, "--port", "0", *options], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        processes.append(process)
        return process

    yield start
    for process in processes:
        process.kill()
        process.communicate()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_prints_an_address_and_ends_on_a_signal(started, number):
    process = started("--no-local")
    export, what = process.stdout.readline(), process.stdout.readline()
    assert export.startswith("export OPENROUTER_BASE_URL=http://127.0.0.1:")
    assert "simulated" in what
    base_url = export.strip().partition("=")[2]
    assert httpx.get(f"{base_url}/models", trust_env=False).status_code == 200
    process.send_signal(number)
    output, errors = process.communicate(timeout=60)
    assert process.returncode == 0
    assert output == ""
    assert errors.startswith("GET /api/v1/models 200 ")
    assert "Traceback" not in errors


def test_quiet_prints_no_requests(started):
    process = started("--no-local", "--quiet")
    base_url = process.stdout.readline().strip().partition("=")[2]
    httpx.get(f"{base_url}/models", trust_env=False)
    process.terminate()
    assert process.communicate(timeout=60)[1] == ""


def test_any_other_address_is_warned_of(started):
    process = started("--no-local", "--host", "0.0.0.0")  # noqa: S104 - it is what the warning is about
    process.stdout.readline()
    process.terminate()
    assert "can be reached from other machines" in process.communicate(timeout=60)[1]


def test_a_port_in_use_is_one_line(simulator, capsys):
    assert main(["simulator", "--no-local", "--port", str(simulator.port)]) == 1
    assert capsys.readouterr().err.startswith("Cannot start: ")


def test_missing_recordings_are_one_line(tmp_path, capsys):
    assert main(["simulator", "--no-local", "--port", "0", "--recordings", str(tmp_path)]) == 1
    assert "no recordings" in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments", [[], ["unknown"], ["simulator", "--port", "70000"], ["simulator", "--port", "x"]]
)
def test_wrong_arguments_are_a_usage_error(arguments, capsys):
    with pytest.raises(SystemExit) as exit_:
        main(arguments)
    assert exit_.value.code == 2
    assert "usage: openrouter-nb" in capsys.readouterr().err


def test_without_tornado_it_says_how_to_install():
    code = "import sys; sys.modules['tornado'] = None; from openrouter_nb.__main__ import main; sys.exit(main(['simulator']))"
    process = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert process.returncode == 1
    assert process.stderr.strip().endswith('pip install "openrouter-nb[simulator]"')
    assert "Traceback" not in process.stderr


def test_the_package_does_not_import_tornado():
    code = "import sys, openrouter_nb; sys.exit('tornado' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.local_model
def test_an_interrupt_while_the_model_loads_leaves_no_traceback(started):
    process = started()
    process.stdout.readline()
    assert "a real local model" in process.stdout.readline()
    process.send_signal(signal.SIGINT)
    assert process.communicate(timeout=60) == ("", "")
    assert process.returncode == 0


@pytest.mark.local_model
def test_the_model_dies_with_a_killed_simulator(started):
    process = started("--quiet")
    base_url = process.stdout.readline().strip().partition("=")[2]
    body = {
        "model": "local/smollm2-135m-instruct",
        "messages": [{"role": "user", "content": "Hi"}],
        "max_tokens": 1,
    }
    assert (
        httpx.post(f"{base_url}/chat/completions", json=body, trust_env=False, timeout=30).status_code == 200
    )
    listed = subprocess.run(
        ["ps", "-o", "pid=", "--ppid", str(process.pid)], capture_output=True, text=True, check=True
    )
    worker = int(listed.stdout)
    process.kill()
    process.wait()
    until(lambda: not _is_alive(worker))


def _is_alive(pid):
    state = subprocess.run(
        ["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False
    ).stdout
    return bool(state.strip()) and not state.startswith("Z")
