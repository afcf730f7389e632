import { create, setText } from "../../shared/dom";
import { isFinal, type Phase } from "../protocol";

/** Tells a screen reader that the answer began, what it waits for and how it ended; its text would be read over and over. */
export class LiveRegion {
  readonly element = create("span", "orn-announcer");

  constructor() {
    this.element.setAttribute("role", "status");
  }

  /** `asked` is what the answer waits for: it is said in place of "Generating". */
  update(phase: Phase, asked = ""): void {
    setText(this.element, isFinal(phase) ? inWords(phase) : asked || inWords(phase));
  }
}

function inWords(phase: Phase): string {
  if (!isFinal(phase)) return "Generating";
  return phase === "finished" ? "Response complete" : `Response ${phase}`;
}
