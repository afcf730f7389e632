/** A module as the kernel sends it: gzipped. */
export type Packed = DataView<ArrayBuffer>;

/** Evaluates a module that the kernel sent and returns what it exports. */
export async function unpack(packed: Packed): Promise<{ default?: unknown }> {
  const source = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  const script = new Blob([await new Response(source).text()], { type: "text/javascript" });
  const url = URL.createObjectURL(script);
  return import(url).finally(() => URL.revokeObjectURL(url));
}
