import { batch, computed, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import { liveExports } from "../live-exports";
import type { Column, Command, FromKernel, Json, Role, Spec, Traits } from "../protocol";
import { fill, STRINGS } from "../strings";
import { Attachments } from "./attachments";
import { textOf, valueAt } from "./dotted-path";
import { DraftStore } from "./draft-store";
import { EnhancerScripts } from "./enhancer-scripts";
import { type Ack, type KernelConnection, TRAITS } from "./kernel-connection";
import { ModelCatalog } from "./model-catalog";
import { RunStore } from "./run-store";
import { newId, Uploads } from "./uploads";

type TraitSignals = { readonly [Name in keyof Traits]: ReadonlySignal<Traits[Name]> };

/** A value that the kernel has not acknowledged yet; `undefined` unsets. */
interface PendingValue {
  value: Json | undefined;
  /** Changed while a message is pending: sent after its response. */
  isStale: boolean;
}

/** Commands that create an element. A message is empty at first. */
export type Creation = Extract<Command, { op: "add_column" | "insert_message" }>;

const BUSY_AFTER_MS = 1500;

/** The panel's state, shared by all views of one Playground: the kernel's traits, and pending changes to them. */
export class PanelStore {
  readonly traits: TraitSignals;
  readonly runs: RunStore;
  readonly models: ModelCatalog;
  readonly draft: DraftStore;
  readonly uploads: Uploads;
  readonly attachments: Attachments;
  readonly enhancers: EnhancerScripts;
  /** Problem of the last command, shown to the user; "" for none. */
  readonly problem = signal("");
  /** Screen reader text. */
  readonly announcement = signal("");
  readonly isGone = signal(false);
  readonly isBusy = signal(false);
  readonly isStopping = signal(false);
  /** Whether the conversation is edited as JSON. */
  readonly isJson = signal(false);
  /** The column whose overrides the parameter panel shows; undefined for the common values. */
  readonly scope = signal<string | undefined>(undefined);
  /** Elements that this page has created and the kernel has not, by id. */
  readonly #created = new Map<string, Creation>();
  readonly #pending = signal<ReadonlyMap<string, PendingValue>>(new Map());
  readonly #signals: { [Name in keyof Traits]: Signal<Traits[Name]> };

  constructor(readonly kernel: KernelConnection) {
    const entries = TRAITS.map((name) => [name, signal(kernel.get(name))]);
    this.#signals = Object.fromEntries(entries);
    this.traits = this.#signals;
    this.runs = new RunStore(
      (run) => kernel.send({ kind: "resync", run }),
      (run) => this.#textOf(run),
    );
    this.draft = new DraftStore(kernel);
    this.uploads = new Uploads(kernel);
    this.models = new ModelCatalog(kernel);
    this.attachments = new Attachments(kernel);
    this.enhancers = new EnhancerScripts(kernel);
  }

  readonly #isSubmitting = signal(false);

  readonly isRunning = computed(
    () =>
      !this.isGone.value &&
      (this.#isSubmitting.value || this.traits.columns.value.some(({ status }) => status === "running")),
  );

  /** Start listening. Returns a function that stops it. */
  open(): () => void {
    const adopt = () => this.#adopt();
    const stop = this.kernel.open({
      traits: adopt,
      message: (message) => this.#receive(message),
      gone: () => {
        batch(() => {
          this.isGone.value = true;
          this.runs.end(STRINGS.cutOff);
          this.problem.value = "";
        });
      },
    });
    for (const value of Object.values(this.kernel.get("live") ?? {})) {
      const snapshot = liveExports().readSnapshot(value);
      if (snapshot) this.runs.adopt(snapshot);
    }
    adopt();
    this.kernel.send({ kind: "ready" });
    const flush = () => this.draft.flush();
    addEventListener("pagehide", flush);
    const timer = setInterval(() => {
      this.kernel.resend();
      // A message may be lost with a connection, and sending fails after a shutdown, which no event reports.
      if (this.kernel.endSilence()) this.runs.resyncAll();
      this.isBusy.value = this.kernel.waitedMs > BUSY_AFTER_MS;
    }, 500);
    return () => {
      clearInterval(timer);
      removeEventListener("pagehide", flush);
      flush();
      stop();
      this.attachments.dispose();
    };
  }

  // -- parameters

  /** Return the value that the user last set, in the current scope. */
  value(spec: Spec, isSetting = false): Json | undefined {
    const pending = this.#pending.value.get(this.#key(spec, isSetting));
    if (pending) return pending.value;
    if (isSetting) return valueAt(this.traits.settings.value, spec.name);
    const column = this.#scoped;
    const own = column && valueAt(column.overrides, spec.name);
    return own === undefined ? valueAt(this.traits.params.value, spec.name) : own;
  }

  /** Whether the column of the current scope overrides this value. */
  isOverride(spec: Spec): boolean {
    const column = this.#scoped;
    return !!column && valueAt(column.overrides, spec.name) !== undefined;
  }

  get #scoped(): Column | undefined {
    return this.traits.columns.value.find(({ id }) => id === this.scope.value);
  }

  /**
   * Set a value and show it immediately. Only one message per parameter is pending at a time, so that a slider cannot
   * flood the kernel.
   */
  set(spec: Spec, value: Json | undefined, isSetting = false): void {
    const key = this.#key(spec, isSetting);
    const under = this.#pending.peek().get(key);
    this.#setPending(key, { value, isStale: !!under });
    if (!under) void this.#push(spec, key, isSetting);
  }

  async #push(spec: Spec, key: string, isSetting: boolean): Promise<void> {
    for (;;) {
      const sent = this.#pending.peek().get(key);
      if (!sent) return;
      this.#setPending(key, { ...sent, isStale: false });
      const { problem } = await this.kernel.command(this.#commandFor(spec, key, sent.value, isSetting));
      if (problem) this.problem.value = problem;
      if (this.#pending.peek().get(key)?.isStale) continue;
      this.#setPending(key, undefined);
      return;
    }
  }

  #commandFor(spec: Spec, key: string, value: Json | undefined, isSetting: boolean): Command {
    const { name } = spec;
    if (isSetting) return { op: "set_setting", name, value: value ?? null };
    const scope = key.split(" ")[1];
    const column = scope ? { column: scope } : {};
    if (value === undefined) return { op: "unset_param", name, ...column };
    if (value === null) return { op: "null_param", name, ...column };
    return { op: "set_param", name, value, ...column };
  }

  #key(spec: Spec, isSetting: boolean): string {
    return `${isSetting ? "setting:" : ""}${spec.name} ${isSetting ? "" : (this.scope.value ?? "")}`;
  }

  #setPending(key: string, pending: PendingValue | undefined): void {
    const next = new Map(this.#pending.peek());
    if (pending) next.set(key, pending);
    else next.delete(key);
    this.#pending.value = next;
  }

  /** Resolves when all pending values are acknowledged; undefined if there are none. */
  #settled(): Promise<void> | undefined {
    if (this.#pending.peek().size === 0) return undefined;
    return new Promise((settle) => {
      const stop = this.#pending.subscribe((pending) => {
        if (pending.size > 0) return;
        stop();
        settle();
      });
    });
  }

  // -- commands

  /** Execute a command and show its problem. */
  async do(op: Command): Promise<Ack> {
    const settled = this.#settled();
    if (settled) await settled;
    const ack = await this.kernel.command(op);
    this.problem.value = ack.problem;
    return ack;
  }

  /** Execute a command that creates a column or a message, which is shown before the kernel replies. Returns its id. */
  create(op: Creation): string {
    const new_id = newId();
    this.#created.set(new_id, op);
    this.#adopt();
    void this.do({ ...op, new_id }).then(() => {
      this.#created.delete(new_id);
      this.#adopt();
    });
    return new_id;
  }

  async attach(item: string | null, files: readonly File[]): Promise<void> {
    this.problem.value = await this.uploads.attach(item, files);
  }

  /** Append a draft to the thread. Files that are being attached are part of it. */
  async add(draft: { text: string; role: Role }): Promise<boolean> {
    const uploading = this.uploads.settled();
    const problem = uploading ? await uploading : "";
    if (problem) this.problem.value = problem;
    return !problem && (await this.do({ op: "add_message", ...draft })).problem === "";
  }

  /** Send the thread, with a draft and the files that are being attached to it. */
  async submit(draft?: { text: string; role: Role }): Promise<boolean> {
    this.isStopping.value = false;
    this.#isSubmitting.value = true;
    const settled = this.#settled();
    if (settled) await settled;
    const uploading = this.uploads.settled();
    let problem = uploading ? await uploading : "";
    const isTakenBack = this.isStopping.peek();
    if (!problem && !isTakenBack) ({ problem } = await this.kernel.submit(draft ?? {}));
    this.#isSubmitting.value = false;
    if (isTakenBack) this.isStopping.value = false;
    this.problem.value = problem;
    return problem === "" && !isTakenBack;
  }

  stop(column?: string): void {
    this.isStopping.value = true;
    this.kernel.withdrawSubmissions();
    this.kernel.send({ kind: "stop", ...(column ? { column } : {}) });
  }

  #receive(message: FromKernel): void {
    if (message.kind === "deltas") this.runs.applyDeltas(message.deltas);
    else if (message.kind === "snapshot") this.runs.adopt(message.snapshot);
  }

  /** Read all traits together: the kernel writes related traits at once. */
  #adopt(): void {
    const wasRunning = this.isRunning.peek();
    batch(() => {
      for (const name of TRAITS) {
        const value = this.kernel.get(name);
        if (value !== undefined) (this.#signals[name] as Signal).value = value;
      }
      for (const [id, op] of this.#created) this.#show(id, op);
      this.draft.adopt(this.kernel.get("draft"));
    });
    const columns = this.traits.columns.peek().filter(({ status }) => status === "running");
    const cards = this.traits.thread.peek().flatMap((item) => item.cards);
    this.runs.retain(new Set([...columns, ...cards].map(({ run }) => run).filter((run) => run != null)));
    if (!this.isRunning.peek()) this.isStopping.value = false;
    this.#announce(wasRunning);
  }

  /** Add an element that the kernel has not created yet. */
  #show(id: string, op: Creation): void {
    const { columns, thread } = this.#signals;
    if ([...columns.value, ...thread.value].some((each) => each.id === id)) return;
    if (op.op === "add_column") {
      const [first] = columns.value;
      if (!first) return;
      const idle = { status: "idle", run: null, item: null, stats: null, banner: null } as const;
      columns.value = [...columns.value, { ...first, ...idle, id, overrides: {} }];
    } else {
      const card = { column: null, parts: [], branch: { index: 0, count: 1 } };
      thread.value = thread.value.toSpliced(op.index, 0, { id, role: op.role, cards: [card] });
    }
  }

  #announce(wasRunning: boolean): void {
    const isRunning = this.isRunning.peek();
    if (isRunning === wasRunning) return;
    this.announcement.value = isRunning ? STRINGS.announce.generating : this.#endAnnouncement();
  }

  #endAnnouncement(): string {
    const columns = this.traits.columns.peek();
    const has = (status: Column["status"]) => columns.some((column) => column.status === status);
    if (has("failed")) return STRINGS.announce.failed;
    if (has("stopped")) return STRINGS.announce.stopped;
    const tokens = columns.reduce((sum, { stats }) => sum + (stats?.tokens_out ?? 0), 0);
    return tokens > 0 ? fill(STRINGS.announce.tokens, { n: tokens }) : STRINGS.announce.finished;
  }

  /** Return the text of a run's card: a continued answer starts with it. */
  #textOf(run: string): string {
    const cards = this.traits.thread.peek().flatMap((item) => item.cards);
    return textOf(cards.find((card) => card.run === run)?.parts ?? []);
  }
}
