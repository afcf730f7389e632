import { isFinal, type Phase } from "../protocol";
import { create, setText } from "./dom";

/** Tells a screen reader that the answer began and how it ended; the text itself would be read over and over. */
export class Announcer {
  readonly element = create("span", "orn-announcer");

  constructor() {
    this.element.setAttribute("role", "status");
  }

  update(phase: Phase): void {
    setText(this.element, inWords(phase));
  }
}

function inWords(phase: Phase): string {
  if (!isFinal(phase)) return "Generating";
  return phase === "finished" ? "Response complete" : `Response ${phase}`;
}
