import type { AnyModel } from "@anywidget/types";

/** Why a request has no response: the kernel has disconnected, or the request was withdrawn before its response. */
export type Failure = "gone" | "withdrawn";

interface PendingRequest<Body, Reply> {
  readonly settle: (reply: Reply) => void;
  readonly body: Body;
  readonly buffers: ArrayBuffer[];
  readonly since: number;
  /** Time at which it is sent again, and the wait before that. */
  due: number;
  patience: number;
  isWithdrawn?: boolean;
}

/** A response may be missing because the kernel is busy, or because the connection failed. Doubles with each attempt. */
const RESEND_AFTER_MS = 5_000;
const RESEND_AT_MOST_MS = 80_000;
const SILENCE_MS = 10_000;

/**
 * Requests and replies over anywidget's model. Every message has an id and at most one response. A request without a
 * response is sent again with the same id, and the kernel executes it once.
 */
export class KernelChannel<Body extends object, Reply> {
  readonly #waiting = new Map<number, PendingRequest<Body, Reply>>();
  // All pages of a kernel receive all responses: random first ids tell them apart.
  readonly #first = Math.floor(Math.random() * 2 ** 48);
  #last = this.#first;
  #isGone = false;
  #leave = () => {};
  #heardAt = 0;
  readonly #relay: BroadcastChannel | undefined;

  /** `header` is part of each message. `fail` returns the reply of a request without a response. */
  constructor(
    readonly model: AnyModel,
    private readonly header: object,
    private readonly fail: (why: Failure, body: Body) => Reply,
    private readonly now: () => number = () => performance.now(),
  ) {
    // Where the model's messages would wait for the end of the running cell: `openrouter_nb/live/feed/message_relay.py`.
    const relay: unknown = model.get("_relay");
    if (relay && typeof relay === "string") this.#relay = new BroadcastChannel(relay);
  }

  /** Listen until the returned function is called. */
  listen(on: {
    message: (content: unknown, buffers: readonly DataView[]) => void;
    gone: () => void;
  }): () => void {
    const receive = (content: unknown, buffers: readonly DataView[] = []) => {
      this.#heardAt = this.now();
      on.message(content, buffers);
    };
    const leave = () => {
      if (this.#isGone) return;
      this.#isGone = true;
      for (const id of [...this.#waiting.keys()]) this.#abandon(id, "gone");
      on.gone();
    };
    this.#leave = leave;
    this.#heardAt = this.now();
    this.model.on("msg:custom", receive);
    this.model.on("comm_live_update", leave);
    return () => {
      this.model.off("msg:custom", receive);
      this.model.off("comm_live_update", leave);
    };
  }

  /** Whether this page has sent a message. */
  isOwn(id: number): boolean {
    return id >= this.#first && id < this.#last;
  }

  send(body: Body): void {
    this.#post(this.#last++, body, []);
  }

  request(body: Body, buffers: ArrayBuffer[] = []): Promise<Reply> {
    return new Promise((settle) => {
      const id = this.#last++;
      const since = this.now();
      const patience = RESEND_AFTER_MS;
      this.#waiting.set(id, { settle, body, buffers, since, due: since + patience, patience });
      this.#post(id, body, buffers);
    });
  }

  settle(id: number, reply: Reply): void {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    waiting?.settle(reply);
  }

  /** Do not send these pending requests again. */
  withdraw(isTakenBack: (body: Body) => boolean): void {
    for (const pending of this.#waiting.values()) pending.isWithdrawn ||= isTakenBack(pending.body);
  }

  /** Send overdue requests again. */
  resend(): void {
    const now = this.now();
    for (const [id, pending] of this.#waiting) {
      if (now < pending.due) continue;
      if (pending.isWithdrawn) {
        this.#abandon(id, "withdrawn");
        continue;
      }
      pending.patience = Math.min(RESEND_AT_MOST_MS, 2 * pending.patience);
      pending.due = now + pending.patience;
      this.#post(id, pending.body, pending.buffers);
    }
  }

  /** Age of the oldest pending request. */
  get waitedMs(): number {
    const oldest = this.#waiting.values().next().value;
    return oldest ? this.now() - oldest.since : 0;
  }

  /** Whether a request has no response yet. */
  get isWaiting(): boolean {
    return this.#waiting.size > 0;
  }

  /** Whether the kernel has sent nothing for 10 s. The next 10 s begin now. */
  endSilence(): boolean {
    const isSilent = this.now() - this.#heardAt > SILENCE_MS;
    if (isSilent) this.#heardAt = this.now();
    return isSilent;
  }

  #post(id: number, body: Body, buffers: ArrayBuffer[]): void {
    if (this.#isGone) {
      this.#abandon(id, "gone");
      return;
    }
    try {
      const message = { ...this.header, id, ...body };
      if (this.#relay) this.#relay.postMessage([message, buffers]);
      else this.model.send(message, undefined, buffers);
    } catch {
      // The kernel was shut down, which no event reports.
      this.#leave();
    }
  }

  #abandon(id: number, why: Failure): void {
    const pending = this.#waiting.get(id);
    if (pending) this.settle(id, this.fail(why, pending.body));
  }
}
