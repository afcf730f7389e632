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
 * must never be used here) cannot be shaken off. They stand behind the lexer in the file, and are cut. So are the rules
 * of its `pedantic` and `breaks` modes, which nothing here asks for.
 */
const lexerOnly = {
  name: "marked-lexer-only",
  setup({ onLoad }) {
    onLoad({ filter: /marked\.esm\.js$/ }, async ({ path }) => {
      const source = await readFile(path, "utf8");
      const lexer = /(\w+) as Lexer\b/.exec(source)?.[1];
      const renderer = source.search(/var \w+=class\{options;parser;constructor/);
      if (!lexer || renderer < source.indexOf("lexInline")) throw new Error("marked has another shape now");
      const contents = `${withoutModes(source.slice(0, renderer))}\nexport{${lexer} as Lexer};`;
      return { contents: contents.replace(/^\/\*\*/, "/*!") };
    });
  },
};

function withoutModes(source) {
  let contents = source.replaceAll(/this\.options\.(?:pedantic|breaks)\b/g, "!1");
  const cut = (pattern) => {
    const [found] = new RegExp(pattern).exec(contents) ?? [];
    if (!found) throw new Error("marked has another shape now");
    contents = contents.replace(found, () => "");
    return found;
  };
  for (const mode of ["pedantic", "pedantic", "breaks"]) {
    const name = cut(`,${mode}:\\w+`).split(":")[1];
    const uses = cut(`,${name}=\\{\\.\\.\\.[^]*?getRegex\\(\\)\\}`);
    for (const [, made] of uses.matchAll(/,em\w+:(\w+)/g)) {
      cut(`,${made}=\\w\\(\\w+,"\\w+"\\)(?:\\.replace\\([^()]+\\))+\\.getRegex\\(\\)`);
    }
  }
  return contents;
}

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

/**
 * What comes in whole keeps its licence. highlight.js can also write into a page: that part is never called, and is made
 * unable to parse HTML. It can go on from the end of an earlier piece of the same code, but does not offer it.
 */
const fromOthers = {
  name: "from-others",
  setup({ onLoad }) {
    onLoad({ filter: /highlight\.js[\\/]lib[\\/]core\.js$/ }, async ({ path }) => {
      const source = await readFile(path, "utf8");
      const call = "_highlight(context.language, context.code, ignoreIllegals)";
      if (!source.includes("element.innerHTML") || !source.includes(call))
        throw new Error("highlight.js has another shape now");
      const contents = source
        .replaceAll("element.innerHTML", "element.textContent")
        .replace(call, call.replace(")", ", optionsOrCode.continuation)"));
      return { contents: await withLicence(contents, "highlight.js") };
    });
    onLoad({ filter: /katex\.mjs$/ }, async ({ path }) => {
      // Its parser has a method that is called like the function that no bundle may call: see test/sinks.test.ts.
      const source = await readFile(path, "utf8");
      if (source.includes("fetchAhead")) throw new Error("KaTeX has another shape now");
      return { contents: await withLicence(source.replaceAll(/\bfetch\(/g, "fetchAhead("), "katex") };
    });
  },
};

async function withLicence(source, name) {
  const { version } = JSON.parse(await readFile(`node_modules/${name}/package.json`, "utf8"));
  const licence = await readFile(`node_modules/${name}/LICENSE`, "utf8");
  return `/*! ${name} ${version}\n${licence.trim()} */\n${source}`;
}

// anywidget evaluates each module from its text, so each must stand alone: no relative and no bare imports.
const shared = {
  outdir: "../openrouter_nb/static",
  bundle: true,
  format: "esm",
  target: "es2022",
  minify: true,
  charset: "utf8",
  legalComments: "eof",
  plugins: [cssAsText, lexerOnly, fromOthers, preactWithoutHtml],
  logLevel: "info",
};
await build({
  ...shared,
  entryPoints: [
    "src/live.ts",
    "src/live-loader.ts",
    "src/highlight.ts",
    "src/structured.ts",
    "src/typeset.ts",
    "src/playground-loader.ts",
  ],
});
await build({
  ...shared,
  entryPoints: ["src/playground.ts"],
  inject: ["jsx.mjs"],
  tsconfigRaw: { compilerOptions: { jsx: "react", jsxFactory: "h", jsxFragmentFactory: "Fragment" } },
});
