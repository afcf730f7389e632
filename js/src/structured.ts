/** A module of its own: it is sent to a page when the first answer there is an object. */

import type { Structured } from "./render/extras";
import { JsonReader } from "./structured/json-reader";
import { ObjectView } from "./structured/object-view";
import css from "./structured.css";

const structured: Structured = (element) => {
  addStyle();
  let read = "";
  let view = new ObjectView(element);
  let reader = new JsonReader(view);

  const update = (text: string): void => {
    if (!text.startsWith(read)) {
      element.replaceChildren();
      view = new ObjectView(element);
      reader = new JsonReader(view);
      read = "";
    }
    const piece = text.slice(read.length);
    read = text;
    reader.feed(piece);
  };
  return {
    update,
    finish(text) {
      update(text);
      view.end();
    },
  };
};

function addStyle(): void {
  const id = "openrouter-nb-structured-style";
  const present = document.getElementById(id);
  if (present?.textContent === css) return;
  const style = document.createElement("style");
  style.id = id;
  style.textContent = css;
  present?.remove();
  document.head.append(style);
}

export default structured;
