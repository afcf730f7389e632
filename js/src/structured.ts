/** A separate bundle, sent to a page when its first answer is an object. */

import type { StructuredRenderer } from "./markdown/enhancers";
import { addStyle } from "./shared/dom";
import { JsonReader } from "./structured/json-reader";
import { ObjectView } from "./structured/object-view";
import css from "./structured/structured.css";

const structured: StructuredRenderer = (element) => {
  addStyle("structured", css, element);
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

export default structured;
