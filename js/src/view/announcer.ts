import { isFinal, type Phase } from "../protocol";
import { create, setText } from "./dom";

/** Tells a screen reader that the answer began, what it waits for and how it ended; its text would be read over and over. */
export class Announcer {
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
