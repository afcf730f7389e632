import { create } from "../shared/dom";
import { clean } from "../shared/guards";
import type { JsonSink } from "./json-reader";

/** Limit of entries while streaming; the others are counted. The saved answer has a separate limit. */
const MAX_ENTRIES = 500;
const MAX_COLUMNS = 30;
const MAX_DEPTH = 24;
const MAX_REST = 20_000;

type Counted = { readonly fold: CollapsibleLevel; count: number };
type Fields = Counted & { readonly kind: "fields"; readonly element: HTMLElement };
type Items = Counted & { readonly kind: "items"; readonly element: HTMLElement };
type Rows = Counted & { readonly kind: "rows"; readonly table: Table };
/** A list before its first item, which decides between items and rows. */
type List = Counted & { readonly kind: "list" };
type Cells = { readonly kind: "cells"; readonly table: Table; readonly row: HTMLTableRowElement };
/** An open level: members, items, rows, the cells of a row, or a level that is not shown. */
type Level = Fields | Items | Rows | List | Cells | { readonly kind: "hidden" };

interface Table {
  readonly element: HTMLElement;
  readonly head: HTMLTableRowElement;
  readonly body: HTMLTableSectionElement;
  readonly columns: Map<string, number>;
}

/** Renders streaming JSON: objects as names and values, a list of objects as a table. Nothing is rendered twice. */
export class ObjectView implements JsonSink {
  readonly #levels: Level[] = [];
  /** Parent of the next value; undefined if it is not shown. */
  #place: HTMLElement | undefined;
  /** Element of the unfinished value. */
  #open: HTMLElement | undefined;
  #wrapper: HTMLElement | undefined;
  #rest: HTMLElement | undefined;
  #room = MAX_REST;
  readonly #cut = create("p", "orn-json-cut", "It breaks off here.");

  constructor(private readonly root: HTMLElement) {}

  open(kind: "object" | "array"): void {
    const holder = this.#next(kind);
    const level = this.#levels.at(-1);
    if (!holder || this.#levels.length >= MAX_DEPTH) {
      if (holder) holder.append(create("span", "orn-json-none", "…"));
      this.#levels.push({ kind: "hidden" });
    } else if (kind === "object" && level?.kind === "rows") {
      const row = create("tr", "");
      level.table.body.append(row);
      this.#levels.push({ kind: "cells", table: level.table, row });
    } else {
      const fold = new CollapsibleLevel(holder, {
        isRoot: holder === this.root,
        isOpen: level?.kind !== "cells",
      });
      if (kind === "array") this.#levels.push({ kind: "list", fold, count: 0 });
      else {
        const element = create("dl", "orn-json-fields");
        fold.body.append(element);
        this.#levels.push({ kind: "fields", element, fold, count: 0 });
      }
    }
    this.#place = undefined;
  }

  key(name: string): void {
    const level = this.#levels.at(-1);
    const shown = clean(name);
    this.#place = undefined;
    if (level?.kind === "cells") this.#place = cellOf(level, shown);
    if (level?.kind !== "fields") return;
    level.count += 1;
    level.fold.count(level.count, "field");
    if (level.count > MAX_ENTRIES) return;
    const pair = create("div", "");
    const term = create("dt", "", shown);
    this.#place = create("dd", "");
    this.#place.dir = "auto";
    pair.append(term, this.#place);
    level.element.append(pair);
    // A list is sent as the field `value` of an object, which is hidden while it is the only field.
    if (this.#levels.length === 1 && level.count === 1 && shown === "value") this.#wrapper = pair;
    if (level.count === 2) this.#wrapper?.removeAttribute("data-wraps");
  }

  text(piece: string, isWhole: boolean): void {
    this.#value("orn-json-text", isWhole, (element) => {
      const shown = clean(piece);
      // Into one node: a surrogate pair may be split between pieces.
      if (element.firstChild) (element.firstChild as Text).appendData(shown);
      else if (shown) element.append(shown);
      if (isWhole && !element.hasChildNodes()) element.append(create("span", "orn-json-none", '""'));
    });
  }

  word(all: string, isWhole: boolean): void {
    this.#value("orn-json-word", isWhole, (element) => {
      element.textContent = all;
      element.classList.toggle("orn-json-none", all === "null");
    });
  }

  close(): void {
    this.#levels.pop();
    this.#place = undefined;
    this.#open = undefined;
  }

  rest(piece: string): void {
    if (!this.#rest) {
      this.#rest = create("pre", "orn-json-rest");
      this.root.append(this.#rest);
    }
    const shown = clean(piece).slice(0, this.#room);
    this.#room -= shown.length;
    if (shown) this.#rest.append(shown);
  }

  /** End the value, and mark it if it is incomplete. */
  end(): void {
    this.#cut.remove();
    if (this.#levels.length > 0) this.root.append(this.#cut);
    this.#open?.classList.remove("orn-json-open");
  }

  #value(className: string, isWhole: boolean, write: (element: HTMLElement) => void): void {
    if (!this.#open) {
      const place = this.#next("value");
      if (!place) return;
      this.#open = create("span", `${className} orn-json-open`);
      place.append(this.#open);
    }
    write(this.#open);
    if (!isWhole) return;
    this.#open.classList.remove("orn-json-open");
    this.#open = undefined;
    this.#place = undefined;
  }

  /** Return the parent of the next value: a new item, row or cell, or the element of the last key. */
  #next(kind: "object" | "array" | "value"): HTMLElement | undefined {
    const level = this.#levels.at(-1);
    if (!level) return this.root;
    if (level.kind === "hidden") return undefined;
    if (level.kind === "fields" || level.kind === "cells") {
      if (kind === "array" && this.#wrapper === this.#place?.parentElement) {
        this.#wrapper?.setAttribute("data-wraps", "");
      }
      return this.#place;
    }
    const list = level.kind === "list" ? this.#decided(level.fold, kind) : level;
    list.count += 1;
    list.fold.count(list.count, list.kind === "rows" ? "row" : "item");
    if (list.count > MAX_ENTRIES) return list.fold.more(list.count - MAX_ENTRIES);
    if (list.kind === "items") {
      const item = create("li", "");
      item.dir = "auto";
      list.element.append(item);
      return item;
    }
    if (kind === "object") return list.table.element;
    const row = create("tr", "");
    const cell = create("td", "");
    cell.colSpan = Math.max(1, list.table.columns.size);
    row.append(cell);
    list.table.body.append(row);
    return cell;
  }

  /** Decide how to show a list by its first item. */
  #decided(fold: CollapsibleLevel, kind: string): Items | Rows {
    let level: Items | Rows;
    if (kind === "object") {
      const table = newTable();
      fold.body.append(table.element);
      level = { kind: "rows", table, fold, count: 0 };
    } else {
      const element = create("ol", "orn-json-list");
      fold.body.append(element);
      level = { kind: "items", element, fold, count: 0 };
    }
    this.#levels[this.#levels.length - 1] = level;
    return level;
  }
}

/** An object or array; all but the outermost can be collapsed and show their number of entries. */
class CollapsibleLevel {
  readonly body: HTMLElement;
  readonly #summary: HTMLElement | undefined;
  #more: HTMLElement | undefined;

  constructor(holder: HTMLElement, { isRoot, isOpen }: { isRoot: boolean; isOpen: boolean }) {
    if (isRoot) {
      this.body = create("div", "orn-json-root");
      holder.append(this.body);
      return;
    }
    const details = create("details", "orn-json-fold");
    details.open = isOpen;
    this.#summary = create("summary", "", "empty");
    this.body = create("div", "");
    details.append(this.#summary, this.body);
    holder.append(details);
  }

  count(count: number, noun: string): void {
    if (this.#summary)
      this.#summary.textContent = `${count.toLocaleString("en")} ${noun}${count === 1 ? "" : "s"}`;
  }

  /** Show the number of hidden entries. */
  more(count: number): undefined {
    if (!this.#more) {
      this.#more = create("p", "orn-json-none");
      this.body.append(this.#more);
    }
    this.#more.textContent = `and ${count.toLocaleString("en")} more`;
    return undefined;
  }
}

function newTable(): Table {
  const element = create("div", "orn-json-scroll");
  const table = create("table", "");
  const head = create("tr", "");
  const thead = create("thead", "");
  const body = create("tbody", "");
  thead.append(head);
  table.append(thead, body);
  element.append(table);
  // Focusable, so that it can be scrolled by keys.
  element.tabIndex = 0;
  element.setAttribute("role", "group");
  element.setAttribute("aria-label", "Table");
  return { element, head, body, columns: new Map() };
}

/** Return the cell of a row for a name. A new name adds a column; finished rows do not change. */
function cellOf(level: Cells, name: string): HTMLElement | undefined {
  const { columns, head } = level.table;
  let index = columns.get(name);
  if (index === undefined) {
    if (columns.size >= MAX_COLUMNS) return undefined;
    index = columns.size;
    columns.set(name, index);
    const title = create("th", "", name);
    title.scope = "col";
    head.append(title);
  }
  while (level.row.cells.length <= index) {
    const cell = create("td", "");
    cell.dir = "auto";
    level.row.append(cell);
  }
  return level.row.cells[index];
}
