/** The interface of the module `json-editor`, which is loaded when the first JSON field gets the focus. */

/** An editor in front of a text field. */
export interface Editor {
  /** Take over the field's text and attributes. */
  update(): void;
  destroy(): void;
}

/**
 * Hide a text field behind an editor, which takes over its text, selection, focus and labels. The field gets the
 * editor's text with an `input` event, and a `blur` event when the editor loses the focus; its `focus()` focuses the
 * editor.
 */
export type CreateEditor = (field: HTMLTextAreaElement) => Editor;
