import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import type { StreamedText } from "../../view/streamed-text";
import { usePanel } from "../context";
import { renderer } from "../renderer";

/**
 * Markdown of a model, drawn by the renderer that the live view uses. preact makes the element and never looks inside
 * it again: what is drawn there once stays, whatever else in the panel changes.
 */
export function Markdown({ text, isFinal }: { text: string; isFinal: boolean }) {
  const { scripts } = usePanel();
  const holder = useRef<HTMLDivElement>(null);
  const drawn = useRef<StreamedText | undefined>(undefined);

  useLayoutEffect(() => {
    if (!holder.current) return;
    const isFirst = !drawn.current;
    drawn.current ??= new (renderer().StreamedText)(holder.current, scripts);
    if (isFinal) drawn.current.finish(text);
    else drawn.current.update(text, { atOnce: isFirst });
  }, [text, isFinal]);

  useEffect(() => () => drawn.current?.dispose(), []);

  return <div ref={holder} class="orn-markdown jp-RenderedHTMLCommon" dir="auto" />;
}
