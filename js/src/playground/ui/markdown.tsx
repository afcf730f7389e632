import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import type { StreamedText } from "../../live/view/streamed-text";
import { usePanel } from "../context";
import { liveExports } from "../live-exports";
import { type CitationSources, linkCitations, withCitationSigns } from "../thread/citations";

interface MarkdownProps {
  text: string;
  isFinal: boolean;
  /** The citations of a final text. */
  sources?: CitationSources | undefined;
}

/**
 * Markdown of a model, rendered by the live view's renderer. preact creates the element and never diffs its content, so
 * rendered nodes stay when other parts of the panel change.
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
      // If the model has written the marks itself, the text is unchanged and not rendered again.
      if (sources) linkCitations(element, sources);
    }
  }, [text, isFinal, sources]);

  useEffect(() => () => drawn.current?.dispose(), []);

  return <div ref={holder} class="orn-markdown jp-RenderedHTMLCommon" />;
}
