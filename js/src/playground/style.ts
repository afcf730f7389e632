import css from "./playground.css";
import { renderer } from "./renderer";

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
