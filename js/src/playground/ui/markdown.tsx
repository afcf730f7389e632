import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import type { StreamedText } from "../../live/view/streamed-text";
import { usePanel } from "../context";
import { liveExports } from "../live-exports";
import { type CitationSources, linkCitations, withCitationSigns } from "../thread/citations";

interface MarkdownProps {
  text: string;
  isFinal: boolean;
  /** Of a final text: what is marked in it. */
  sources?: CitationSources | undefined;
}

/**
 * Markdown of a model, drawn by the renderer that the live view uses. preact makes the element and never looks inside
 * it again: what is drawn there once stays, whatever else in the panel changes.
 */
export function Markdown({ text, isFinal, sources }: MarkdownProps) {
  const { enhancers } = usePanel();
  const holder = useRef<HTMLDivElement>(null);
  const drawn = useRef<StreamedText | undefined>(undefined);
  const marked = useRef(sources);

  useLayoutEffect(() => {
    const element = holder.current;
    if (!element) return;
    marked.current = sources;
    const isFirst = !drawn.current;
    drawn.current ??= new (liveExports().StreamedText)(element, {
      get: (name) => enhancers.get(name),
      settled: (block) => marked.current && linkCitations(block, marked.current),
    });
    if (!isFinal) drawn.current.update(text, { atOnce: isFirst });
    else {
      drawn.current.finish(sources ? withCitationSigns(text, sources) : text);
      // Where the model has written its marks itself, the text is the same as before and not drawn anew.
      if (sources) linkCitations(element, sources);
    }
  }, [text, isFinal, sources]);

  useEffect(() => () => drawn.current?.dispose(), []);

  return <div ref={holder} class="orn-markdown jp-RenderedHTMLCommon" dir="auto" />;
}
