/** Of the protocol of live answers. Pages ignore messages of another version, and loaders look for bundles of theirs. */
export const VERSION = 3;
