const ticks = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;

/** Call `tick` each second, with one timer for all callers, until the returned function is called. */
export function everySecond(tick: () => void): () => void {
  ticks.add(tick);
  timer ??= setInterval(() => {
    for (const each of ticks) each();
  }, 1000);
  return () => {
    ticks.delete(tick);
    if (ticks.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}
