import { element } from "./safe-elements";

/** A piece of code ends with the first line, and one of prose with the first word, that ends behind this. */
const PIECE = 3000;
const LINE_END = /\n/;
const WORD_END = /\s/;

/** Appends to the code in `holder`. Code of many lines stands in pieces, so that what is added moves only the last. */
export function appendCode(holder: Element, added: string): void {
  append(holder, added, LINE_END);
}

/** The same for a paragraph that is too long to be more than text. */
export function appendProse(holder: Element, added: string): void {
  append(holder, added, WORD_END);
}

function append(holder: Element, added: string, end: RegExp): void {
  let rest = added;
  while (rest) {
    const piece = openPiece(holder, end);
    const from = Math.max(0, PIECE - piece.length);
    const at = rest.slice(from).search(end);
    const length = at < 0 ? rest.length : from + at + 1;
    piece.appendData(rest.slice(0, length));
    rest = rest.slice(length);
  }
}

/** The pieces of code that nothing has been done to. */
export function codeNodes(holder: Element): Text[] {
  return [...holder.childNodes].map(textOf).filter((piece) => piece !== undefined);
}

function openPiece(holder: Element, end: RegExp): Text {
  const last = holder.lastChild && textOf(holder.lastChild);
  if (last && (last.length <= PIECE || !end.test(last.data.slice(-1)))) return last;
  const parent = last ? holder.appendChild(element("span", "orn-lines")) : holder;
  return parent.appendChild(document.createTextNode(""));
}

function textOf(piece: Node): Text | undefined {
  const inner = piece instanceof Element && piece.className === "orn-lines" ? piece.firstChild : piece;
  return inner instanceof Text ? inner : undefined;
}
