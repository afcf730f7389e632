import { citationSign } from "../../markdown/lexer-extensions";
import { element, link } from "../../markdown/safe-elements";
import { safeHref } from "../../markdown/safe-urls";
import type { Citation, CitationMarks } from "../protocol";
import { plural, STRINGS } from "../strings";

/** The sources of an answer, numbered like its marks. Only http, https and mailto URLs are links. */
export function Citations({ citations }: { citations: readonly Citation[] }) {
  if (citations.length === 0) return null;
  return (
    <details class="orn-citations">
      <summary>{plural(STRINGS.nSources, citations.length)}</summary>
      <ol>
        {citations.map(({ title, about, url }, at) => {
          const href = safeHref(url);
          const text = title || about || url;
          return (
            <li key={`${url}-${at}`} dir="auto">
              {href ? (
                <a href={href} target="_blank" rel="noopener noreferrer nofollow">
                  {text}
                </a>
              ) : (
                text
              )}{" "}
              {title && <small>{about}</small>}
            </li>
          );
        })}
      </ol>
    </details>
  );
}

/** Citation marks such as [1] in the text of an answer. */

const WRITTEN = /\[(\d{1,2})\]/;

/** The citations of one answer. */
export interface CitationSources {
  readonly citations: readonly Citation[];
  readonly marks: CitationMarks;
}

/** Return the text with a sign at each citation mark. */
export function withCitationSigns(text: string, { marks }: CitationSources): string {
  if (marks === "written") return text;
  let last = 0;
  const pieces = marks.map(([at, number]) => {
    const piece = text.slice(last, at) + citationSign(number);
    last = at;
    return piece;
  });
  return pieces.join("") + text.slice(last);
}

/** Link the marks in `drawn` to their sources. */
export function linkCitations(drawn: Element, { citations, marks }: CitationSources): void {
  if (marks === "written") markWritten(drawn, citations.length);
  for (const mark of drawn.querySelectorAll(".orn-mark")) {
    const words = mark.textContent ?? "";
    const source = citations[Number(words.slice(1, -1)) - 1];
    const href = source && safeHref(source.url);
    if (!href || mark.firstElementChild) continue;
    const leading = link(href, source.title || source.about);
    leading.textContent = words;
    mark.replaceChildren(leading);
  }
}

/** Turn marks that the model has written into elements, except in code, formulas and links. */
function markWritten(drawn: Element, count: number): void {
  const texts = document.createTreeWalker(drawn, NodeFilter.SHOW_TEXT);
  const found: Text[] = [];
  while (texts.nextNode()) found.push(texts.currentNode as Text);
  for (const text of found) {
    const pieces = text.data.split(WRITTEN);
    if (pieces.length === 1 || text.parentElement?.closest("a, code, .orn-math, .orn-mark")) continue;
    text.replaceWith(
      ...pieces.map((piece, index) => {
        const words = `[${piece}]`;
        if (index % 2 === 0) return piece;
        if (Number(piece) < 1 || Number(piece) > count) return words;
        const mark = element("sup", "orn-mark");
        mark.textContent = words;
        return mark;
      }),
    );
  }
}
