import { FrameQueue } from "./frame-queue";
import { copyButton } from "./safe-elements";
import { codeNodes } from "./text-runs";

/**
 * Enhancers of an answer that are too large for every page: syntax highlighting, typeset formulas, objects as tables.
 */

/** Text of one kind of token, `""` for plain text. Kinds are the classes `orn-k`, `orn-s`, … of the style sheet. */
export interface HighlightedText {
  readonly kind: string;
  readonly text: string;
}

/** Returns a highlighter for consecutive pieces of code; undefined for an unknown language. */
export type Highlight = (language: string) => ((piece: string) => readonly HighlightedText[]) | undefined;

/** Returns a formula as an element; throws if it cannot be parsed. */
export type Typeset = (source: string, display: boolean) => Element | undefined;

/** Streaming JSON as a table or tree. The text can only grow. */
export interface StructuredView {
  update(text: string): void;
  finish(text: string): void;
}

/** Renders into `element`, which is empty. Text becomes text nodes only. */
export type StructuredRenderer = (element: HTMLElement) => StructuredView;

export interface Enhancers {
  readonly highlight: Highlight;
  readonly typeset: Typeset;
  readonly structured: StructuredRenderer;
}

/** Loads enhancers on first use. */
export interface EnhancerSource {
  get<Name extends keyof Enhancers>(name: Name): Promise<Enhancers[Name]>;
  /** Called for each block that no further text can change. */
  settled?(block: Element): void;
}

const MAX_CODE = 50_000;
/** Maximal length of one piece of code, exceeded only by very long lines. */
const MAX_PIECE = 10_000;
const MAX_FORMULA = 2000;
/** One queue for the page: when a module has loaded, all present blocks are enhanced. */
const frameQueue = new FrameQueue();

/**
 * Enhances blocks that no further text can change. Until a module has loaded, or if it cannot be loaded, code stays
 * plain and formulas stay source.
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
    for (const pre of matching(block, "pre")) {
      if (pre.childElementCount === 1) pre.append(copyButton(pre.firstElementChild as Element));
    }
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
      () => {}, // The module could not be loaded: the plain text stays.
    );
  }
}

/** Return the source of a formula and whether it is a display formula; undefined if it is unsafe or not a formula. */
export function readFormula(raw: string): { source: string; display: boolean } | undefined {
  const match = /^(?:\\\(([\s\S]+)\\\)|\\\[([\s\S]+)\\\]|\$\$([\s\S]+)\$\$|\$([\s\S]+)\$)$/.exec(raw);
  const source = match?.slice(1).find((each) => each !== undefined);
  if (!match || source === undefined || UNSAFE.test(source)) return undefined;
  return { source, display: match[2] !== undefined || match[3] !== undefined };
}

/**
 * Macros with effects outside of the formula, as in openrouter_nb/render/html/math.py: formulas with one of them stay
 * source.
 */
const UNSAFE =
  /\\(?:href|url|html|style|class|css|data|require|includegraphics|unicode|[egx]?def|let|declare|(?:(?:re)?new|provide)(?:command|environment|extarrow)|bbox|mmltoken|f?colorbox|rule|label|(?:eq)?ref\b)/i;

function matching(block: Element, selector: string): Element[] {
  return [...(block.matches(selector) ? [block] : []), ...block.querySelectorAll(selector)];
}

function isShorterThan(text: string | null, longest: number): boolean {
  return Boolean(text) && (text as string).length <= longest;
}

/** Highlight code piece by piece; stop when other code has changed it. */
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
    // A formula that cannot be parsed stays source.
  }
}
