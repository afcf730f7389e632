import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import type { StructuredText } from "../../live/view/structured-text";
import { usePanel } from "../context";
import { liveExports } from "../live-exports";

/** JSON of an answer as a table or tree, rendered by the live view's renderer. */
export function StructuredOutput({ text, isFinal }: { text: string; isFinal: boolean }) {
  const { enhancers } = usePanel();
  const holder = useRef<HTMLDivElement>(null);
  const drawn = useRef<StructuredText | undefined>(undefined);

  useLayoutEffect(() => {
    if (!holder.current) return;
    drawn.current ??= new (liveExports().StructuredText)(holder.current, enhancers);
    if (isFinal) drawn.current.finish(text);
    else drawn.current.update(text);
  }, [text, isFinal]);

  useEffect(() => () => drawn.current?.dispose(), []);

  return <div ref={holder} />;
}
