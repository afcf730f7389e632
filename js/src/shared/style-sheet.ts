/** Puts a style sheet into the page, once per `name` and text: a newer bundle in the same page brings its own. */
export function addStyle(name: string, css: string): void {
  const id = `openrouter-nb-${name}-style`;
  const present = document.getElementById(id);
  if (present?.textContent === css) return;
  const style = document.createElement("style");
  style.id = id;
  style.textContent = css;
  present?.remove();
  document.head.append(style);
}
