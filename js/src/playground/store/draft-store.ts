import { batch, type Signal, signal } from "@preact/signals";
import type { Draft, Role } from "../protocol";
import type { KernelConnection } from "./kernel-connection";

const WRITE_AFTER_MS = 400;

/** The text and the role of the next message, shared by all views. The kernel stores them for other pages and reloads. */
export class DraftStore {
  readonly text: Signal<string>;
  readonly role: Signal<Role>;
  #rev: number;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly kernel: KernelConnection) {
    const { text, role, rev } = kernel.get("draft");
    this.text = signal(text);
    this.role = signal(role);
    this.#rev = rev;
  }

  write(text: string, role = this.role.peek()): void {
    batch(() => {
      this.text.value = text;
      this.role.value = role;
    });
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.flush(), WRITE_AFTER_MS);
  }

  /** Send what has been written. */
  flush(): void {
    if (!this.#clearTimer()) return;
    void this.kernel.command({ op: "set_draft", text: this.text.peek(), role: this.role.peek() });
  }

  /** Clear the draft, for a command that sends it, and return it. */
  take(): { text: string; role: Role } {
    const taken = { text: this.text.peek(), role: this.role.peek() };
    this.#clearTimer();
    // The kernel resets the role as well: after a system message, the next message is a question.
    batch(() => {
      this.text.value = "";
      this.role.value = "user";
    });
    return taken;
  }

  /** Return a draft that was refused to the composer, before the text that was written since. */
  giveBack({ text, role }: { text: string; role: Role }): void {
    this.write([text, this.text.peek()].filter(Boolean).join("\n"), role);
  }

  /** Adopt the kernel's draft, unless this page made the change or has a newer one. */
  adopt({ text, role, rev, by }: Draft): void {
    if (rev === this.#rev) return;
    this.#rev = rev;
    if (this.#timer !== undefined || this.kernel.isOwn(by)) return;
    this.text.value = text;
    this.role.value = role;
  }

  #clearTimer(): boolean {
    const isPending = this.#timer !== undefined;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    return isPending;
  }
}
