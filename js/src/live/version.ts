/**
 * Version of the live answer protocol. Pages ignore messages of other versions, and loaders find only bundles of this
 * one.
 */
export const VERSION = 3;
