/** Modules as the kernel sends them: gzipped, and joined by a character that no source has. */
export type PackedModules = DataView<ArrayBuffer>;

/** Evaluates what the kernel sent, each module after the one before it, and returns what the last one exports. */
export async function unpackModules(packed: PackedModules): Promise<{ default?: unknown }> {
  const source = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  let module!: { default?: unknown };
  for (const text of (await new Response(source).text()).split("\0")) {
    const url = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
    module = await import(url);
    URL.revokeObjectURL(url);
  }
  return module;
}
