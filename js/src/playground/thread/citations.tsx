import { safeHref } from "../../markdown/safe-urls";
import type { Citation } from "../protocol";
import { plural, STRINGS } from "../strings";

/** The sources that an answer names, numbered as its marks are. Links to anything but http, https and mail stay text. */
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
