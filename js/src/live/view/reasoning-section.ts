import type { EnhancerSource } from "../../markdown/enhancers";
import { create } from "../../shared/dom";
import type { Snapshot } from "../protocol";
import { StreamedText } from "./streamed-text";

/** The model's reasoning: open until the answer begins, then closed, unless the cell or the user decides otherwise. */
export class ReasoningSection {
  readonly element = create("details", "orn-reasoning");
  readonly text: StreamedText;
  #isReaders = false;

  constructor(extras: EnhancerSource) {
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
