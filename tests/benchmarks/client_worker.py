"""One measurement of the client benchmarks, in a separate process: `client_worker.py CLIENT URL MEASUREMENT`.

Prints the result as JSON. Libraries are imported inside the functions, because the import is part of the measurement.
"""

import sys
import time

from client_programs import CLIENTS, WHOLE


def measure_whole(name, url):
    """Import and one request that is not streamed."""
    cpu = time.process_time()
    import asyncio

    if asyncio.run(WHOLE[name](url)) != "one two":
        raise ValueError("another answer")
    return {"cpu": time.process_time() - cpu}


async def drive(opened, measure):
    """Run a measurement with an asynchronous client."""

    async def first(texts):
        generator = texts()
        try:
            return await anext(generator)
        finally:
            async for _ in generator:
                pass

    async def every(texts):
        count = 0
        async for _ in texts():
            count += 1
        return count

    texts = await anext(opened)
    try:
        return await measure(lambda: first(texts), lambda: every(texts))
    finally:
        await opened.aclose()


def drive_blocking(opened, measure):
    """Run a measurement with a blocking client, whose steps are finished as soon as they are called."""
    import asyncio

    async def first(texts):
        generator = texts()
        found = next(generator)
        for _ in generator:
            pass
        return found

    async def every(texts):
        return sum(1 for _ in texts())

    texts = next(opened)
    try:
        return asyncio.run(measure(lambda: first(texts), lambda: every(texts)))
    finally:
        opened.close()


def measurements():
    """Every measurement by name."""
    started, cpu = time.perf_counter(), time.process_time()

    async def cold(first, every):
        del every
        await first()
        return {"wall": time.perf_counter() - started, "cpu": time.process_time() - cpu}

    async def warm(first, every):
        del every
        for _ in range(20):
            await first()
        walls, before = [], time.process_time()
        for _ in range(150):
            begun = time.perf_counter()
            await first()
            walls.append(time.perf_counter() - begun)
        return {"wall": sorted(walls)[len(walls) // 2], "cpu": (time.process_time() - before) / len(walls)}

    async def stream(first, every):
        import resource

        del first
        runs, spent = [], 0.0
        while len(runs) < 5 and spent < 3:
            before = time.process_time()
            count = await every()
            runs.append(time.process_time() - before)
            spent += runs[-1]
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        return {"cpu": min(runs), "chunks": count, "rss": peak}

    return {"cold": cold, "warm": warm, "stream": stream}


def main():
    """Measure and print."""
    name, url, what = sys.argv[1:]
    if what == "whole":
        found = measure_whole(name, url)
    elif name == "ours, blocking":
        found = drive_blocking(CLIENTS[name](url), measurements()[what])
    else:
        measure = measurements()[what]
        import asyncio

        found = asyncio.run(drive(CLIENTS[name](url), measure))
    import json

    print(json.dumps(found))


if __name__ == "__main__":
    main()
