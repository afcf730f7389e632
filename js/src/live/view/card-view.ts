import { image } from "../../markdown/safe-elements";
import { create, setText } from "../../shared/dom";
import type { LiveCard, LiveCardAction } from "../cards";
import type { AnswerModel } from "./answer-model";
import { Countdown } from "./countdown";

/** One card. Its fields become text nodes only; media must pass the allow-list of safe-elements.ts. */
export class LiveCardView {
  readonly element = create("section", "orn-card");
  readonly #title = create("span", "orn-card-title");
  readonly #status = create("span", "orn-card-status");
  readonly #body = create("pre", "orn-card-body");
  readonly #media = create("div", "orn-card-media");
  readonly #field = create("textarea", "orn-card-field");
  readonly #actions = create("div", "orn-card-actions");
  readonly #countdown: Countdown;
  #shown: LiveCard | undefined;
  #wasPressed = false;

  constructor(
    private readonly answer: AnswerModel,
    onCountdown: () => void,
  ) {
    this.#countdown = new Countdown(onCountdown);
    const head = create("div", "orn-card-head");
    head.append(this.#title, this.#status, this.#countdown.element);
    this.#field.spellcheck = false;
    this.#body.tabIndex = 0;
    this.element.tabIndex = -1;
    this.element.append(head, this.#body, this.#media, this.#field, this.#actions);
  }

  /** Screen reader text: the card's title and status. */
  get announcement(): string {
    const card = this.#shown;
    if (!card || (card.actions.length === 0 && card.wait_ms === undefined)) return "";
    const status = [card.status, this.#countdown.announcement].filter(Boolean).join(" ");
    return [card.title, status].filter(Boolean).join(": ");
  }

  update(card: LiveCard): void {
    const old = this.#shown;
    if (card === old) return;
    this.#shown = card;
    this.element.dataset.kind = card.kind;
    this.element.ariaLabel = card.title;
    setText(this.#title, card.title);
    setText(this.#status, card.status);
    this.#showBody(card, old);
    this.#field.hidden = card.editable === undefined;
    this.#field.ariaLabel = `Text for ${card.title}`;
    // Text that the user has typed stays until the kernel changes the field.
    if (card.editable !== undefined && card.editable !== old?.editable) {
      this.#field.value = card.editable;
      this.#field.rows = Math.min(12, card.editable.split("\n").length + 1);
    }
    this.#countdown.start(card.wait_ms);
    this.#showActions(card);
  }

  /** Disable the buttons: the answer has ended. */
  end(): void {
    this.#countdown.dispose();
    this.#actions.replaceChildren();
    this.#field.readOnly = true;
  }

  dispose(): void {
    this.#countdown.dispose();
    this.element.remove();
  }

  #showBody(card: LiveCard, old: LiveCard | undefined): void {
    const media = card.kind === "media" ? image(card.body, card.title) : undefined;
    if (card.body !== old?.body) this.#media.replaceChildren(...(media ? [media] : []));
    const body = media ? "" : card.body;
    const isAtEnd = this.#body.scrollTop + this.#body.clientHeight >= this.#body.scrollHeight - 4;
    setText(this.#body, body);
    this.#body.hidden = body === "";
    if (isAtEnd && old) this.#body.scrollTop = this.#body.scrollHeight;
  }

  #showActions(card: LiveCard): void {
    const pressed = (action: LiveCardAction) => {
      // A disabled or removed button loses the focus: keep it in this card.
      this.#wasPressed = !!this.#actions.querySelector(":focus");
      if (this.#wasPressed) this.element.focus();
      for (const button of this.#actions.querySelectorAll("button")) button.disabled = true;
      this.answer.act(card.id, action.id, action.takes_text ? this.#field.value : undefined);
    };
    const hasFocus =
      !!this.#actions.querySelector(":focus") || (this.#wasPressed && this.element.matches(":focus"));
    this.#actions.hidden = card.actions.length === 0;
    this.#actions.replaceChildren(
      ...card.actions.map((action) => {
        const button = create("button", "orn-button", action.label);
        button.type = "button";
        button.addEventListener("click", () => pressed(action));
        return button;
      }),
    );
    if (!hasFocus) return;
    const next = this.#field.hidden ? this.#actions.querySelector("button") : this.#field;
    (next ?? this.element).focus();
  }
}
