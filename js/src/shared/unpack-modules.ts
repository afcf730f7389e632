/** Modules as the kernel sends them: gzipped, and joined by NUL. */
export type PackedModules = DataView<ArrayBuffer>;

/** Evaluate the modules in order and return the exports of the last one. */
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
