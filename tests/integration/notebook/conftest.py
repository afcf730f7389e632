"""A real kernel with the extension loaded, and a simulator that answers it."""

import pytest
from support.kernel import NEW_EXTENSION, Kernel


class ChatKernel(Kernel):
    """A kernel that runs chat cells."""

    def chat(self, options, prompt="Hello", **how):
        """Run a chat cell to its end."""
        return self.run(f"%%chat {options}\n{prompt}", **how)

    def start_chat(self, options, prompt="Hello", **how):
        """Start a chat cell."""
        return self.start(f"%%chat {options}\n{prompt}", **how)


@pytest.fixture(scope="package")
def _kernel():
    with ChatKernel() as kernel:
        kernel.run("import os\n%load_ext openrouter_nb")
        yield kernel


@pytest.fixture
def kernel(_kernel, simulator):
    """The kernel, with no conversation and its requests going to the simulator."""
    run = _kernel.run(
        f"os.environ.pop('OPENROUTER_API_KEY', None)\n"
        f"os.environ['OPENROUTER_BASE_URL'] = {simulator.base_url!r}\n"
        f"os.environ['OPENROUTER_NB_MODEL'] = 'demo/echo'\n"
        f"os.environ.pop('OPENROUTER_NB_LIVE', None)\n"
        "get_ipython().config.pop('ChatMagics', None)\n"
        # A variable `_` of a test stops IPython from setting it, a variable `chat` hides the magic without its `%`.
        "[globals().pop(name, None) for name in ('_', 'chat')]\n"
        # No page has taken up the widgets of the test before.
        "__import__('openrouter_nb.live.views.base', fromlist=['']).LiveView.widgets_fail = False\n"
        f"{NEW_EXTENSION}"
    )
    assert run.reply["status"] == "ok", run.reply
    return _kernel
