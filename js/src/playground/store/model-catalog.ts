import { signal } from "@preact/signals";
import type { ModelRow, ModelsReply } from "../protocol";
import { fuzzyScore } from "../ui/fuzzy-match";
import type { KernelConnection } from "./kernel-connection";

/** Filters of the model list: input and output modalities, and properties. */
export const FILTERS = ["free", "tools", "reasoning", "image", "file", "audio", "image out", "128k"] as const;
export type Filter = (typeof FILTERS)[number];

/** The catalog, requested on first use. */
export class ModelCatalog {
  readonly reply = signal<ModelsReply | undefined>(undefined);
  readonly problem = signal("");
  readonly filters = signal<ReadonlySet<Filter>>(new Set());
  readonly isLoading = signal(false);
  #asked = false;

  constructor(private readonly kernel: KernelConnection) {}

  async load(fresh = false): Promise<void> {
    if (this.#asked && !fresh) return;
    this.#asked = true;
    this.isLoading.value = !this.reply.peek();
    const { problem, value } = await this.kernel.query(fresh ? { ask: "models", fresh } : { ask: "models" });
    this.problem.value = problem;
    if (problem) this.#asked = false;
    else this.reply.value = value as ModelsReply;
    this.isLoading.value = false;
  }

  toggle(filter: Filter): void {
    const next = new Set(this.filters.peek());
    if (!next.delete(filter)) next.add(filter);
    this.filters.value = next;
  }

  /** Return the matching models, best first; for a complete model id, its suffixes. */
  find(query: string): readonly ModelRow[] {
    const reply = this.reply.value;
    if (!reply) return [];
    const chosen = [...this.filters.value];
    const kept = reply.models.filter((model) => chosen.every((filter) => passes(model, filter)));
    const [base, suffix] = query.split(":");
    const exact = suffix === undefined ? undefined : reply.models.find(({ id }) => id === base);
    const withSuffix = exact
      ? reply.suffixes
          .filter((each) => each.suffix.startsWith(`:${suffix}`))
          .map((each) => ({ ...exact, id: exact.id + each.suffix, name: each.help }))
      : [];
    if (query.trim() === "") return kept;
    const scored = kept
      .map((model) => ({
        model,
        score: Math.max(fuzzyScore(query, model.id), fuzzyScore(query, `${model.id} ${model.name}`)),
      }))
      .filter(({ score }) => score > 0)
      .sort((one, other) => other.score - one.score);
    return [...withSuffix, ...scored.map(({ model }) => model)];
  }
}

function passes(model: ModelRow, filter: Filter): boolean {
  switch (filter) {
    case "free":
      return model.price_in === 0 && model.price_out === 0;
    case "tools":
      return model.tools;
    case "reasoning":
      return model.reasoning;
    case "image out":
      return model.outputs.includes("image");
    case "128k":
      return (model.context ?? 0) >= 128_000;
    default:
      return model.inputs.includes(filter);
  }
}
