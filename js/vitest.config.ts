import { readFile } from "node:fs/promises";
import { defineConfig } from "vitest/config";

export default defineConfig({
  plugins: [
    {
      // Like esbuild's text loader: import style sheets as strings.
      name: "css-as-text",
      enforce: "pre",
      async load(id) {
        if (!id.endsWith(".css")) return undefined;
        return `export default ${JSON.stringify(await readFile(id, "utf8"))};`;
      },
    },
  ],
  esbuild: { jsx: "automatic", jsxImportSource: "preact" },
  // Run time is not tested, and machines are shared.
  test: { testTimeout: 60_000, environment: "happy-dom", include: ["test/**/*.test.{ts,tsx}"] },
});
