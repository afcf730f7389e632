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

/** Return whether `src` is the data URL of a raster image. */
export function isInlineImage(src: string): boolean {
  return (
    src.length <= MAX_IMAGE_CHARS &&
    /^data:image\/(?:png|jpeg|webp|gif);base64,[A-Za-z\d+/]+={0,2}$/.test(src)
  );
}

export function hostOf(href: string): string {
  try {
    return new URL(href).host || "image";
  } catch {
    return "image";
  }
}
