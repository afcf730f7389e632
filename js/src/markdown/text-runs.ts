import { element } from "./safe-elements";

/** A piece of code ends with the first line, and a piece of prose with the first word, that ends after this length. */
const PIECE = 3000;
const LINE_END = /\n/;
const WORD_END = /\s/;

/** Append to the code in `holder`. Code of many lines is split into pieces, so that appending changes only the last. */
export function appendCode(holder: Element, added: string): void {
  append(holder, added, LINE_END);
}

/** Append to a paragraph that is too long for inline markup. */
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

/** Return the pieces of code that are not highlighted. */
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
