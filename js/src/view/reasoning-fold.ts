import type { Snapshot } from "../protocol";
import type { ExtrasSource } from "../render/extras";
import { create } from "./dom";
import { StreamedText } from "./streamed-text";

/** The model's reasoning: open until the answer begins, then folded, unless the cell or the reader decides otherwise. */
export class ReasoningFold {
  readonly element = create("details", "orn-reasoning");
  readonly text: StreamedText;
  #isReaders = false;

  constructor(extras: ExtrasSource) {
    const body = create("div", "orn-reasoning-body orn-markdown jp-RenderedHTMLCommon");
    this.text = new StreamedText(body, extras);
    const summary = create("summary", "", "Reasoning");
    summary.addEventListener("click", () => {
      this.#isReaders = true;
    });
    this.element.append(summary, this.text.element);
  }

  update(
    { reasoning, text, keeps_reasoning }: Snapshot,
    { atOnce, final }: { atOnce: boolean; final: boolean },
  ): void {
    if (final) this.text.finish(reasoning);
    else this.text.update(reasoning, { atOnce });
    this.element.hidden = reasoning === "";
    if (!this.#isReaders) this.element.open = reasoning !== "" && (text === "" || keeps_reasoning);
  }
}
