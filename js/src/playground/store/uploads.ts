import { signal } from "@preact/signals";
import { fill, STRINGS } from "../strings";
import type { KernelConnection } from "./kernel-connection";

const MAX_FILE_BYTES = 20 * 2 ** 20;
/** jupyter_server closes the connection at a message of 10 MiB, and a proxy may allow less. */
const PIECE_BYTES = 2 ** 20;

/** Sends files to the kernel in pieces, one file at a time. */
export class Uploads {
  /** Name and progress of the current file, or "". */
  readonly progress = signal("");
  #queue: Promise<string> = Promise.resolve("");
  #queued = 0;

  constructor(private readonly kernel: KernelConnection) {}

  /** Attach files to a message, or to the draft for null. Resolves to the problems, "" for none. */
  attach(item: string | null, files: readonly File[]): Promise<string> {
    this.#queued++;
    this.#queue = this.#queue.then(async () => {
      const problems: string[] = [];
      for (const file of files) problems.push(await this.#attach(item, file));
      this.progress.value = "";
      this.#queued--;
      return problems.filter(Boolean).join(" ");
    });
    return this.#queue;
  }

  /** Resolves to the problem of the last files when all have been attached; undefined if none is on its way. */
  settled(): Promise<string> | undefined {
    return this.#queued > 0 ? this.#queue : undefined;
  }

  /** Send a file without attaching it. Resolves to the id of the upload, and the problem, "" for none. */
  async send(file: File): Promise<{ upload: string; problem: string }> {
    const upload = newId();
    const name = nameOf(file);
    const ended = (problem = "") => ({ upload, problem });
    if (file.size > MAX_FILE_BYTES) return ended(fill(STRINGS.tooLarge, { name }));
    for (let at = 0; at === 0 || at < file.size; at += PIECE_BYTES) {
      this.progress.value = fill(STRINGS.attaching, { name, n: Math.round((100 * at) / (file.size || 1)) });
      const piece = await readBytes(file.slice(at, at + PIECE_BYTES));
      if (!piece) return ended(fill(STRINGS.unreadable, { name }));
      const { problem } = await this.kernel.command({ op: "upload", upload, at }, [piece]);
      if (problem) return ended(`${name}: ${problem}`);
    }
    return ended();
  }

  async #attach(item: string | null, file: File): Promise<string> {
    const { upload, problem } = await this.send(file);
    if (problem) return problem;
    return (await this.kernel.command({ op: "attach", item, name: nameOf(file), upload })).problem;
  }
}

function nameOf(file: File): string {
  return file.name || "image.png";
}

/** Return an id for an element that the page creates. */
export function newId(): string {
  return `x${Math.random().toString(36).slice(2, 14)}`;
}

/** Return undefined for a folder, and for a file that has been removed or changed. */
async function readBytes(blob: Blob): Promise<ArrayBuffer | undefined> {
  try {
    return await blob.arrayBuffer();
  } catch {
    return undefined;
  }
}
