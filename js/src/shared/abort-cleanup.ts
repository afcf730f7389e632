/** Props with an optional signal: anywidget before 0.10 passes none, and calls only the returned function. */
export type WithOptionalSignal<Props extends { signal: AbortSignal }> = Omit<Props, "signal"> & {
  signal?: AbortSignal;
};

/** Return `cleanUp` as a function that runs once: on abort, or when called. */
export function onAbortOrCall(signal: AbortSignal | undefined, cleanUp: () => void): () => void {
  let isDone = false;
  const run = () => {
    if (isDone) return;
    isDone = true;
    cleanUp();
  };
  signal?.addEventListener("abort", run);
  return run;
}
