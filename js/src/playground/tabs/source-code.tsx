import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { HighlightedText } from "../../markdown/enhancers";
import { usePanel } from "../context";

/** Longer texts, such as requests with images, stay plain. */
const MAX_COLORED = 50_000;

interface SourceCodeProps {
  text: string;
  label: string;
  /** Without one, the text stays plain. */
  language?: string | undefined;
}

/** A block of code, in colors once the highlighter is loaded. */
export function SourceCode({ text, label, language }: SourceCodeProps) {
  const { enhancers } = usePanel();
  const colored = useSignal<{ text: string; runs: readonly HighlightedText[] } | undefined>(undefined);
  useEffect(() => {
    if (!language || text.length > MAX_COLORED) return;
    let isCurrent = true;
    enhancers.get("highlight").then(
      (highlight) => {
        const runs = highlight(language)?.(text);
        if (isCurrent && runs) colored.value = { text, runs };
      },
      () => {}, // The module could not be loaded: the text stays plain.
    );
    return () => {
      isCurrent = false;
    };
  }, [text, language]);
  const runs = colored.value?.text === text ? colored.value.runs : undefined;
  return (
    <pre class="orn-code" tabIndex={0} role="region" aria-label={label}>
      {runs
        ? runs.map((run, at) =>
            run.kind ? (
              <span key={at} class={`orn-${run.kind}`}>
                {run.text}
              </span>
            ) : (
              run.text
            ),
          )
        : text}
    </pre>
  );
}

/** Format a JSON value for reading: line breaks and tabs inside a text are shown as such, at the indentation of its line. */
export function readableJson(value: unknown): string {
  return (JSON.stringify(value, null, 2) ?? "").replace(/^( *).*$/gm, (line, indent: string) =>
    line.replace(/\\(.)/g, (escaped, character: string) =>
      character === "n" ? `\n${indent}  ` : character === "t" ? "\t" : escaped,
    ),
  );
}
