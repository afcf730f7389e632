import type { Tokens } from "marked";

/**
 * Ends at spaces, quotes and punctuation beyond ASCII, such as that of Chinese sentences.
 * openrouter_nb/render/html/bare_urls.py has the same rule; tests/fixtures/bare_urls.json has examples for both.
 */
const URL_TEXT =
  /^https?:\/\/[^\s<>"`\u2000-\u206f\u2e00-\u2e7f\u3000-\u303f\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65]+/i;
const CLOSING: Readonly<Record<string, string>> = { ")": "(", "]": "[" };

/** Return the URL at the start of `source`, without punctuation behind it and closing brackets that it does not open. */
function bareUrl(source: string): string | undefined {
  const found = URL_TEXT.exec(source)?.[0] ?? "";
  const excess: Record<string, number> = {};
  for (const close in CLOSING)
    excess[close] = found.split(close).length - found.split(CLOSING[close] ?? "").length;
  let end = found.length;
  for (; end > 0; end--) {
    const last = found[end - 1] ?? "";
    if ((excess[last] ?? 0) > 0) excess[last] = (excess[last] ?? 0) - 1;
    else if (!"?!.,:;*_'~".includes(last)) break;
  }
  const url = found.slice(0, end);
  return /:\/\/[^/]/.test(url) ? url : undefined;
}

/** Replaces `url` of marked's tokenizer, which has another rule, also for addresses without a scheme. */
export function bareUrlToken(source: string): Tokens.Link | undefined {
  const raw = bareUrl(source);
  const tokens = [{ type: "text", raw, text: raw }] as Tokens.Text[];
  return raw
    ? ({ type: "link", raw, text: raw, href: raw, autolink: true, tokens } as Tokens.Link)
    : undefined;
}
