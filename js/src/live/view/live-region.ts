import { create, setText } from "../../shared/dom";
import { isFinal, type Phase } from "../protocol";

/**
 * Announces to screen readers that the answer began, what it waits for and how it ended. The text itself is not
 * announced: it would be read again with each change.
 */
export class LiveRegion {
  readonly element = create("span", "orn-announcer");

  constructor() {
    this.element.role = "status";
  }

  /** `asked` is the announcement of waiting cards, which replaces "Generating". */
  update(phase: Phase, asked = ""): void {
    setText(this.element, isFinal(phase) ? inWords(phase) : asked || inWords(phase));
  }
}

function inWords(phase: Phase): string {
  if (!isFinal(phase)) return "Generating";
  return phase === "finished" ? "Response complete" : `Response ${phase}`;
}
