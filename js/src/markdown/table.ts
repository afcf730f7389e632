import { patchChildren } from "./dom-patch";
import { element } from "./safe-elements";

/** Rows of a table that are laid out together; a browser goes through all rows of an ordinary one for each that comes. */
const GROUP = 100;

/** Draws `rows` behind the first `settled` of the last group; returns how many rows the last group has now. */
export function putRows(table: Element, rows: readonly Element[], settled = 0): number {
  const last = table.lastElementChild;
  const group = last?.localName === "tbody" ? last : table.appendChild(element("tbody"));
  const room = GROUP - settled;
  const fresh = document.createDocumentFragment();
  fresh.append(...rows.slice(0, room));
  patchChildren(group, fresh, settled);
  if (rows.length <= room) return settled + rows.length;
  table.className = "orn-long";
  table.appendChild(element("tbody"));
  return putRows(table, rows.slice(room));
}
