import { FrameQueue } from "./frame-queue";
import { codeNodes } from "./text-runs";

/** What makes an answer nicer and is too large to be in every page: colours for code, formulas as such, objects as tables. */

/** A piece of code of one kind, `""` for none. The kinds are the classes `orn-k`, `orn-s`, … of the style sheet. */
export interface HighlightedText {
  readonly kind: string;
  readonly text: string;
}

/** What tells code of a language apart, given one piece after the other; undefined for an unknown language. */
export type Highlight = (language: string) => ((piece: string) => readonly HighlightedText[]) | undefined;

/** The formula as an element; throws where it cannot be read. */
export type Typeset = (source: string, display: boolean) => Element | undefined;

/** A JSON text as a table or tree that grows with it. The text may only become longer. */
export interface StructuredView {
  update(text: string): void;
  finish(text: string): void;
}

/** Draws into `element`, which is empty, and does so by text nodes alone. */
export type StructuredRenderer = (element: HTMLElement) => StructuredView;

export interface Enhancers {
  readonly highlight: Highlight;
  readonly typeset: Typeset;
  readonly structured: StructuredRenderer;
}

/** Where the extras come from: asked when there is something for them to do. */
export interface EnhancerSource {
  get<Name extends keyof Enhancers>(name: Name): Promise<Enhancers[Name]>;
  /** Told of each block that no further text can change. */
  settled?(block: Element): void;
}

const MAX_CODE = 50_000;
/** Of code in very long lines. */
const MAX_PIECE = 10_000;
const MAX_FORMULA = 2000;
/** Of the whole page: when a module comes at last, every block there is waits for it. */
const frameQueue = new FrameQueue();

/**
 * Decorates blocks that no further text can change. While a module is on its way, or for ever where none
 * comes, they stay as they are: plain code, and formulas as they were written.
 */
export class Decorator {
  constructor(private readonly source: EnhancerSource | undefined) {}

  decorate(block: Element): void {
    if (!this.source) return;
    this.source.settled?.(block);
    const codes = matching(block, 'code[class^="language-"]').filter(({ textContent: code }) =>
      isShorterThan(code, MAX_CODE),
    );
    const formulas = matching(block, ".orn-math").filter(({ textContent: source }) =>
      isShorterThan(source, MAX_FORMULA),
    );
    if (codes.length > 0) this.#apply("highlight", codes, highlightCode);
    if (formulas.length > 0) this.#apply("typeset", formulas, setFormula);
  }

  #apply<Name extends keyof Enhancers>(
    name: Name,
    elements: readonly Element[],
    change: (element: Element, extra: Enhancers[Name]) => void,
  ): void {
    const before = elements.map(({ textContent }) => textContent);
    this.source?.get(name).then(
      (extra) => {
        elements.forEach((element, index) => {
          frameQueue.add(() => {
            if (element.textContent === before[index]) change(element, extra);
          });
        });
      },
      () => {}, // It never came; the text is there without it.
    );
  }
}

/** The source of a formula and whether it stands on a line of its own, from the way it is written. */
export function readFormula(raw: string): { source: string; display: boolean } | undefined {
  const match = /^(?:\\\(([\s\S]+)\\\)|\\\[([\s\S]+)\\\]|\$\$([\s\S]+)\$\$|\$([\s\S]+)\$)$/.exec(raw);
  const source = match?.slice(1).find((each) => each !== undefined);
  if (!match || source === undefined || UNSAFE.test(source)) return undefined;
  return { source, display: match[2] !== undefined || match[3] !== undefined };
}

/** Macros that reach beyond the formula, as in openrouter_nb/render/math.py: a formula with one of them stays source. */
const UNSAFE =
  /\\(?:href|url|html|style|class|css|data|require|includegraphics|unicode|[egx]?def|let|declare|(?:(?:re)?new|provide)(?:command|environment|extarrow)|bbox|mmltoken|f?colorbox|rule|label|(?:eq)?ref\b)/i;

function matching(block: Element, selector: string): Element[] {
  return [...(block.matches(selector) ? [block] : []), ...block.querySelectorAll(selector)];
}

function isShorterThan(text: string | null, longest: number): boolean {
  return Boolean(text) && (text as string).length <= longest;
}

/** Colours the code piece by piece, for as long as nothing else writes there. */
function highlightCode(code: Element, highlight: Highlight): void {
  const language = /^language-(\S+)/.exec(code.className)?.[1] ?? "";
  const colourNext = highlight(language.toLowerCase());
  const pieces = colourNext ? codeNodes(code) : [];
  const go = () => {
    const piece = pieces.shift();
    if (!piece || !colourNext || !code.contains(piece) || piece.length > MAX_PIECE) return;
    const runs = colourNext(piece.data);
    if (runs.map((run) => run.text).join("") !== piece.data) return;
    piece.replaceWith(...runs.map(highlightedNode));
    frameQueue.add(go);
  };
  go();
}

function highlightedNode({ kind, text }: HighlightedText): Node {
  if (!kind) return document.createTextNode(text);
  const span = document.createElement("span");
  span.className = `orn-${kind}`;
  span.textContent = text;
  return span;
}

function setFormula(element: Element, typeset: Typeset): void {
  const formula = readFormula(element.textContent ?? "");
  if (!formula) return;
  try {
    const math = typeset(formula.source, formula.display);
    if (!math) return;
    element.replaceChildren(math);
    element.classList.toggle("orn-display", formula.display);
  } catch {
    // A formula that cannot be read stays as it was written.
  }
}
