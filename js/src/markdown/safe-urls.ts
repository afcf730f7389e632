/** Which addresses of a model's answer the page may know about. */

const MAX_IMAGE_CHARS = 2 * 1024 * 1024;

/** The address to link to, or undefined where it must stay text: an absent `href` is inert, an empty one is not. */
export function safeHref(href: string): string | undefined {
  if (!/^(?:https?:\/\/|mailto:)[^\s]/i.test(href)) return undefined;
  try {
    return encodeURI(href).replaceAll("%25", "%");
  } catch {
    return undefined; // A lone surrogate has no encoding.
  }
}

/** An image that is already here, in the answer itself; anything remote would tell its host that it was read. */
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
