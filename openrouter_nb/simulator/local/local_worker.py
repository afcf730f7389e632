"""The process in which the embedded language model lives. Run as a script, not imported.

It is a process of its own so that the native library's logs, threads and memory stay out of the simulator's, and
so that a crash there ends one answer and not a notebook. It prints the address of llama.cpp's HTTP server when
the model is loaded, and ends when its standard input does, that is, also when the simulator was killed.
"""

import os
import sys

import xllamacpp

CONTEXT_TOKENS = 2048


def main(weights: str) -> None:
    """Serve the model in `weights` until standard input ends."""
    parameters = xllamacpp.CommonParams()
    parameters.model.path = weights
    parameters.n_ctx = CONTEXT_TOKENS
    # One answer at a time: others wait in the server's queue.
    parameters.n_parallel = 1
    # A prompt is read in pieces of this many tokens, and can only be abandoned between two of them.
    parameters.n_batch = 64
    parameters.n_ubatch = 64
    parameters.cpuparams.n_threads = max(1, min(4, os.cpu_count() or 1))
    parameters.warmup = False
    # The template in the weights adds a system prompt of its own when there is none; no service does that.
    parameters.chat_template = "chatml"
    # By default up to 8 GB of past prompts are kept.
    parameters.cache_ram_mib = 0
    parameters.hostnames = ["127.0.0.1"]
    parameters.port = 0
    server = xllamacpp.Server(parameters)
    print(server.listening_address, flush=True)
    sys.stdin.buffer.read()
    # The library's destructors wait for running answers.
    os._exit(0)


if __name__ == "__main__":
    main(sys.argv[1])
