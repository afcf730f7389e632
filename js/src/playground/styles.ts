import answer from "./style/answer.css";
import parts from "./style/components.css";
import composer from "./style/composer.css";
import controls from "./style/controls.css";
import errors from "./style/errors.css";
import head from "./style/header.css";
import layout from "./style/layout.css";
import panel from "./style/panel.css";
import railRow from "./style/parameter-row.css";
import tabs from "./style/tabs.css";
import thread from "./style/thread.css";

// The order matters for rules of equal specificity.
export const css = [
  panel,
  parts,
  head,
  controls,
  layout,
  railRow,
  thread,
  answer,
  errors,
  composer,
  tabs,
].join("");
