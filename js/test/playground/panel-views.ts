import { gzipSync } from "node:zlib";
import { vi } from "vitest";
import { pageEnhancers } from "../../src/live/enhancer-loader";
import type { FakeKernel } from "./fake-kernel";

const page = globalThis as { panelViews?: unknown };

/**
 * Let a kernel reply with the bundle `panel-views`: the text of a built one, or a module that returns the views of the
 * sources. Node cannot import Blob URLs, so they are replaced by data URLs.
 */
export async function servePanelViews(kernel: FakeKernel, built?: string): Promise<void> {
  page.panelViews = (await import("../../src/panel-views")).default;
  const { buffer, byteOffset, byteLength } = gzipSync("unpacked below");
  // The fake kernel has one module only: code stays plain.
  const enhancers = pageEnhancers();
  if (!enhancers.highlight) Object.assign(enhancers, { highlight: Promise.resolve(() => undefined) });
  kernel.replyBuffers.script = [new DataView(buffer, byteOffset, byteLength)];
  const text = built ?? "export default () => globalThis.panelViews";
  vi.spyOn(URL, "createObjectURL").mockImplementation(
    () => `data:text/javascript;base64,${Buffer.from(text).toString("base64")}`,
  );
  vi.spyOn(URL, "revokeObjectURL").mockImplementation(() => {});
}
