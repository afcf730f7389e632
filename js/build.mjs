import { readFile } from "node:fs/promises";
import { build, transform } from "esbuild";

/** A style sheet is imported as a string, which the minifier of scripts would leave as it is. */
const cssAsText = {
  name: "css-as-text",
  setup({ onLoad }) {
    onLoad({ filter: /\.css$/ }, async ({ path }) => {
      const { code } = await transform(await readFile(path, "utf8"), { loader: "css", minify: true });
      return { contents: code.trim(), loader: "text" };
    });
  },
};

/**
 * marked makes an instance of everything when it is imported, so its parser and renderer (12 kB of HTML strings that
 * must never be used here) cannot be shaken off. They stand behind the lexer in the file, and are cut.
 */
const lexerOnly = {
  name: "marked-lexer-only",
  setup({ onLoad }) {
    onLoad({ filter: /marked\.esm\.js$/ }, async ({ path }) => {
      const source = await readFile(path, "utf8");
      const lexer = /(\w+) as Lexer\b/.exec(source)?.[1];
      const renderer = source.search(/var \w+=class\{options;parser;constructor/);
      if (!lexer || renderer < source.indexOf("lexInline")) throw new Error("marked has another shape now");
      const contents = `${source.slice(0, renderer)}\nexport{${lexer} as Lexer};`;
      return { contents: contents.replace(/^\/\*\*/, "/*!") };
    });
  },
};

/** preact can set a string as HTML. Nothing here may, so that branch is cut: its prop is then without effect. */
const preactWithoutHtml = {
  name: "preact-without-html",
  setup({ onLoad }) {
    onLoad({ filter: /preact[\\/]dist[\\/]preact\.mjs$/ }, async ({ path }) => {
      const source = await readFile(path, "utf8");
      const contents = source.replace(
        /(?<=;)\w+\?\(\w+\|\|[^;?]*?\.innerHTML=\w+\.__html\),\w+\.__k=\[\]\):(?=\()/,
        "",
      );
      if (contents === source || contents.includes("innerHTML"))
        throw new Error("preact has another shape now");
      return { contents };
    });
  },
};

// anywidget evaluates each module from its text, so each must stand alone: no relative and no bare imports.
const shared = {
  outdir: "../openrouter_nb/static",
  bundle: true,
  format: "esm",
  target: "es2022",
  minify: true,
  charset: "utf8",
  legalComments: "eof",
  plugins: [cssAsText, lexerOnly, preactWithoutHtml],
  logLevel: "info",
};
await build({
  ...shared,
  entryPoints: ["src/live.ts", "src/live-loader.ts", "src/playground-loader.ts"],
});
await build({
  ...shared,
  entryPoints: ["src/playground.ts"],
  inject: ["jsx.mjs"],
  tsconfigRaw: { compilerOptions: { jsx: "react", jsxFactory: "h", jsxFragmentFactory: "Fragment" } },
});
