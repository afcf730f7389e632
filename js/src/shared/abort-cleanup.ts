/** anywidget before 0.10 gives no signal; there, only the returned function cleans up. */
export type WithOptionalSignal<Props extends { signal: AbortSignal }> = Omit<Props, "signal"> & {
  signal?: AbortSignal;
};

/** `cleanUp`, to be called by whichever comes first: the signal or the caller. */
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
