import { readFile } from "node:fs/promises";
import { defineConfig } from "vitest/config";

export default defineConfig({
  plugins: [
    {
      // The same meaning as esbuild's text loader: a style sheet is a string.
      name: "css-as-text",
      enforce: "pre",
      async load(id) {
        if (!id.endsWith(".css")) return undefined;
        return `export default ${JSON.stringify(await readFile(id, "utf8"))};`;
      },
    },
  ],
  esbuild: { jsx: "automatic", jsxImportSource: "preact" },
  // Time is no property under test, and machines are shared.
  test: { testTimeout: 60_000, environment: "happy-dom", include: ["test/**/*.test.{ts,tsx}"] },
});
