import type { EnhancerSource, StructuredView } from "../../markdown/enhancers";
import { setText } from "../../shared/dom";
import { FrameLoop } from "./frame-loop";

/** An element that shows streaming JSON: as source until the structured renderer is loaded. */
export class StructuredText {
  #text = "";
  #isFinal = false;
  #structure: StructuredView | undefined;
  readonly #loop = new FrameLoop(() => this.#draw());

  constructor(
    readonly element: HTMLElement,
    extras: EnhancerSource,
  ) {
    element.classList.add("orn-json");
    extras.get("structured").then(
      (structured) => {
        element.replaceChildren();
        this.#structure = structured(element);
        this.#draw();
      },
      () => {}, // The renderer could not be loaded: the source stays.
    );
  }

  update(text: string, _pace?: unknown): void {
    if (text === this.#text) return;
    this.#text = text;
    this.#loop.request();
  }

  finish(text: string): void {
    if (this.#isFinal && text === this.#text) return;
    this.#text = text;
    this.#isFinal = true;
    this.#loop.cancel();
    this.#draw();
  }

  dispose(): void {
    this.#loop.cancel();
  }

  #draw(): undefined {
    if (!this.#structure) setText(this.element, this.#text);
    else if (this.#isFinal) this.#structure.finish(this.#text);
    else this.#structure.update(this.#text);
  }
}
