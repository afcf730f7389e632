/** A separate bundle, sent to a page when its first JSON field gets the focus: CodeMirror for JSON. */

import { history, historyKeymap, standardKeymap } from "@codemirror/commands";
import { json } from "@codemirror/lang-json";
import {
  bracketMatching,
  foldGutter,
  foldKeymap,
  HighlightStyle,
  indentOnInput,
  indentUnit,
  syntaxHighlighting,
  syntaxTree,
} from "@codemirror/language";
import { type Diagnostic, linter } from "@codemirror/lint";
import { Compartment, EditorState, type Extension } from "@codemirror/state";
import { EditorView, keymap, placeholder } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import type { CreateEditor } from "./playground/controls/json-editor-module";
import { rootOf } from "./shared/dom";

// The colors of highlighted code in answers: js/src/live/live.css.
const COLORS = HighlightStyle.define([
  { tag: tags.propertyName, class: "orn-f" },
  { tag: tags.string, class: "orn-s" },
  { tag: tags.number, class: "orn-m" },
  { tag: [tags.bool, tags.null], class: "orn-k" },
]);

const THEME = EditorView.theme({
  "&.cm-editor": { font: "inherit" },
  ".cm-scroller": { font: "inherit" },
  ".cm-content": { caretColor: "var(--orn-fg)", minHeight: "calc(var(--orn-rows) * 1.5em + 8px)" },
  ".cm-gutters": { background: "none", border: "0", color: "var(--orn-muted)" },
  ".cm-foldPlaceholder": { background: "var(--orn-hover)", border: "0", color: "var(--orn-muted)" },
  ".cm-placeholder": { color: "var(--orn-muted)" },
  ".cm-tooltip": {
    background: "var(--orn-bg)",
    border: "1px solid var(--orn-line)",
    color: "var(--orn-fg)",
  },
  "&.cm-focused .cm-matchingBracket": {
    background: "var(--orn-hover)",
    outline: "1px solid var(--orn-edge)",
  },
});

const createEditor: CreateEditor = (field) => {
  const hasFocus = field.matches(":focus");
  const attributes = new Compartment();
  const away = new AbortController();
  let given = attributesOf(field);
  let isUpdating = false;
  const view = new EditorView({
    root: rootOf(field), // its style sheets go there
    doc: field.value,
    selection: { anchor: field.selectionStart, head: field.selectionEnd },
    extensions: [
      json(),
      linter(syntaxErrors, { delay: 300 }),
      history(),
      bracketMatching(),
      foldGutter(),
      indentOnInput(),
      indentUnit.of("  "),
      EditorState.tabSize.of(2),
      EditorView.lineWrapping,
      placeholder(field.placeholder),
      syntaxHighlighting(COLORS),
      THEME,
      // Tab is not bound: it moves the focus, as in every other field.
      keymap.of([...historyKeymap, ...foldKeymap, ...standardKeymap]),
      attributes.of(extensions(given)),
      EditorView.updateListener.of(({ docChanged, state }) => {
        if (!docChanged || isUpdating) return;
        field.value = state.doc.toString();
        field.dispatchEvent(new Event("input", { bubbles: true }));
      }),
      EditorView.domEventHandlers({ blur: () => void field.dispatchEvent(new FocusEvent("blur")) }),
    ],
  });
  // The content is focusable: a nameless stop for assistive technology is not needed.
  view.scrollDOM.removeAttribute("tabindex");
  view.dom.style.setProperty("--orn-rows", String(field.rows));
  field.after(view.dom);
  const focus = () => view.focus();
  field.focus = focus;
  for (const label of field.labels) label.addEventListener("click", focus, { signal: away.signal });
  if (hasFocus) {
    // The focus does not leave: listeners of the field's `blur` must not run.
    field.addEventListener("blur", (event) => event.stopImmediatePropagation(), {
      capture: true,
      once: true,
    });
    view.focus();
  }
  field.hidden = true;
  return {
    update() {
      const { length } = view.state.doc;
      const changes =
        view.state.doc.toString() === field.value ? [] : { from: 0, to: length, insert: field.value };
      const before = given;
      given = attributesOf(field);
      const effects =
        JSON.stringify(given) === JSON.stringify(before) ? [] : attributes.reconfigure(extensions(given));
      isUpdating = true;
      view.dispatch({ changes, effects });
      isUpdating = false;
    },
    destroy() {
      away.abort();
      view.destroy();
    },
  };
};

/** Return the attributes that the editor takes over, without absent ones. */
function attributesOf(field: HTMLTextAreaElement): Record<string, string> {
  const names = ["aria-label", "aria-describedby", "aria-invalid", "dir"];
  const present = names.filter((name) => field.hasAttribute(name));
  return {
    ...Object.fromEntries(present.map((name) => [name, field.getAttribute(name) as string])),
    ...(field.readOnly || field.matches(":disabled") ? { "aria-readonly": "true" } : {}),
    spellcheck: "false",
    tabindex: "0",
  };
}

function extensions(attributes: Record<string, string>): Extension {
  return [
    EditorState.readOnly.of("aria-readonly" in attributes),
    EditorView.contentAttributes.of(attributes),
  ];
}

/**
 * Return the first syntax error, or nothing for a blank text. The position is that of the parser of the editor: messages
 * of `JSON.parse` do not contain one in all browsers.
 */
function syntaxErrors({ state }: EditorView): Diagnostic[] {
  const errors: Diagnostic[] = [];
  if (state.doc.toString().trim() === "") return errors;
  syntaxTree(state).iterate({
    enter({ type, from, to }) {
      if (!type.isError || errors.length > 0) return;
      // Mark the character before a missing one.
      errors.push({
        from: to > from ? from : Math.max(0, from - 1),
        to,
        severity: "error",
        message: "Invalid JSON",
      });
    },
  });
  return errors;
}

export default createEditor;
