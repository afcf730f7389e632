"""Server process of the embedded language model. Run as a script, not imported.

A separate process isolates the native library's logs, threads and memory from the simulator, and limits a crash to
one answer. It prints the address of llama.cpp's HTTP server when the model is loaded, and exits when its standard
input is closed, which also happens when the simulator is killed.
"""

import os
import sys

import xllamacpp

CONTEXT_TOKENS = 2048


def main(weights: str) -> None:
    """Serve the model in `weights` until standard input is closed."""
    parameters = xllamacpp.CommonParams()
    parameters.model.path = weights
    parameters.n_ctx = CONTEXT_TOKENS
    # One answer at a time; other requests wait in the server's queue.
    parameters.n_parallel = 1
    # A prompt is processed in batches of this many tokens, and can only be cancelled between batches.
    parameters.n_batch = 64
    parameters.n_ubatch = 64
    # Half of the cores: threads of llama.cpp spin while they wait for each other. With two threads on two busy cores, an
    # answer took 15 times the wall time and 10 times the processor time of an answer with one thread.
    parameters.cpuparams.n_threads = max(1, min(4, (os.cpu_count() or 1) // 2))
    parameters.warmup = False
    # The template in the weights adds a system prompt if there is none; no service does that.
    parameters.chat_template = "chatml"
    # The default caches up to 8 GB of past prompts.
    parameters.cache_ram_mib = 0
    parameters.hostnames = ["127.0.0.1"]
    parameters.port = 0
    server = xllamacpp.Server(parameters)
    print(server.listening_address, flush=True)
    sys.stdin.buffer.read()
    # A normal exit would run the library's destructors, which wait for running answers.
    os._exit(0)


if __name__ == "__main__":
    main(sys.argv[1])
