import { element } from "./elements";

/** A piece of code ends with the first line that ends behind this. */
const PIECE = 3000;

/** Appends to the code in `holder`. Code of many lines stands in pieces, so that what is added moves only the last. */
export function appendCode(holder: Element, added: string): void {
  let rest = added;
  while (rest) {
    const piece = openPiece(holder);
    const newline = rest.indexOf("\n", Math.max(0, PIECE - piece.length));
    const end = newline < 0 ? rest.length : newline + 1;
    piece.appendData(rest.slice(0, end));
    rest = rest.slice(end);
  }
}

/** The pieces of code that nothing has been done to. */
export function codePieces(holder: Element): Text[] {
  return [...holder.childNodes].map(textOf).filter((piece) => piece !== undefined);
}

function openPiece(holder: Element): Text {
  const last = holder.lastChild && textOf(holder.lastChild);
  if (last && (last.length <= PIECE || !last.data.endsWith("\n"))) return last;
  const parent = last ? holder.appendChild(element("span", "orn-lines")) : holder;
  return parent.appendChild(document.createTextNode(""));
}

function textOf(piece: Node): Text | undefined {
  const inner = piece instanceof Element && piece.className === "orn-lines" ? piece.firstChild : piece;
  return inner instanceof Text ? inner : undefined;
}
