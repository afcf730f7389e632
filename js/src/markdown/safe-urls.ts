/** The allow-list for URLs in a model's answer. */

const MAX_IMAGE_CHARS = 2 * 1024 * 1024;

/** Return the URL to link to, or undefined if it must stay text: an absent `href` is inert, an empty one is not. */
export function safeHref(href: string): string | undefined {
  if (!/^(?:https?:\/\/|mailto:)[^\s]/i.test(href)) return undefined;
  try {
    return encodeURI(href).replaceAll("%25", "%");
  } catch {
    return undefined; // Lone surrogates cannot be encoded.
  }
}

/** Return the data URL of an image in the answer itself; a remote image would tell its host that it was viewed. */
export function inlineImage(src: string): string | undefined {
  if (src.length > MAX_IMAGE_CHARS) return undefined;
  return /^data:image\/(?:png|jpeg|webp|gif);base64,[A-Za-z\d+/]+={0,2}$/.test(src) ? src : undefined;
}

export function hostOf(href: string): string {
  try {
    return new URL(href).host || "image";
  } catch {
    return "image";
  }
}
