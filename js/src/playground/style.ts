import { renderer } from "./renderer";
import composer from "./style/composer.css";
import controls from "./style/controls.css";
import errors from "./style/errors.css";
import head from "./style/head.css";
import layout from "./style/layout.css";
import panel from "./style/panel.css";
import parts from "./style/parts.css";
import railRow from "./style/rail-row.css";
import tabs from "./style/tabs.css";
import thread from "./style/thread.css";

// In this order, which settles what is equally specific.
const css = [panel, parts, head, controls, layout, railRow, thread, errors, composer, tabs].join("");

/** Once per page and style: a newer bundle in the same page brings its own. */
export function addStyle(): void {
  const id = "openrouter-nb-playground-style";
  const text = renderer().css + css;
  const present = document.getElementById(id);
  if (present?.textContent === text) return;
  const style = document.createElement("style");
  style.id = id;
  style.textContent = text;
  present?.remove();
  document.head.append(style);
}
