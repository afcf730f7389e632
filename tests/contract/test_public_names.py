"""The public door: what it offers, and that opening it costs nothing."""

import json
import subprocess
import sys

import openrouter_nb
from openrouter_nb import client, components, conversation


def test_every_public_name_is_there():
    for name in openrouter_nb.__all__:
        assert getattr(openrouter_nb, name) is not None
    for module in (client, components, conversation):
        for name in module.__all__:
            value = getattr(module, name)
            # Literals and unions of a field, such as `ReasoningEffort`, have no docstring.
            assert value.__doc__ or not isinstance(value, type)


def test_an_unknown_name_is_an_attribute_error():
    assert not hasattr(openrouter_nb, "nothing")
    assert openrouter_nb.__version__


# Runs in a fresh interpreter with every door to the outside watched by an audit hook.
_PROBE = """
import json, sys
import IPython, httpx
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell.instance()
before = set(sys.modules)
seen = []
prefixes = tuple({sys.prefix, sys.base_prefix, sys.argv[1]})
def watch(event, args):
    if event.startswith("socket.") or event in ("subprocess.Popen", "os.system"):
        seen.append(event)
    if event == "open" and not str(args[0]).startswith(prefixes):
        seen.append(f"open {args[0]}")
sys.addaudithook(watch)
import openrouter_nb
openrouter_nb.load_ipython_extension(shell)
print(json.dumps({"modules": len(set(sys.modules) - before), "seen": seen}))
"""


def test_loading_opens_no_socket_reads_no_file_and_imports_little():
    root = str(openrouter_nb.__path__[0])
    # -B: writing the bytecode of a module that is imported for the first time opens a file.
    command = [sys.executable, "-B", "-c", _PROBE, root]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    report = json.loads(done.stdout.splitlines()[-1])
    assert report["seen"] == []
    assert report["modules"] <= 100
