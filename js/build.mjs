import { createHash } from "node:crypto";
import { copyFile, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, resolve as resolvePath } from "node:path";
import { build, transform } from "esbuild";

/** Import style sheets as minified strings: esbuild minifies neither strings of scripts nor values of custom properties. */
const cssAsText = {
  name: "css-as-text",
  setup({ onLoad }) {
    onLoad({ filter: /\.css$/ }, async ({ path }) => {
      const { code } = await transform(await readFile(path, "utf8"), { loader: "css", minify: true });
      const contents = code.trim().replaceAll(/(var\(--[\w-]+,|[{;]--[\w-]+:) /g, "$1");
      return { contents, loader: "text" };
    });
  },
};

/**
 * Remove marked's parser and renderer (12 kB of HTML strings that must never be used here), which follow the lexer in the
 * file. marked instantiates them on import, so tree shaking cannot. The rules of its unused `pedantic` and `breaks` modes
 * are removed as well.
 */
const lexerOnly = {
  name: "marked-lexer-only",
  setup({ onLoad }) {
    onLoad({ filter: /marked\.esm\.js$/ }, async ({ path }) => {
      const source = await readFile(path, "utf8");
      const lexer = /(\w+) as Lexer\b/.exec(source)?.[1];
      const renderer = source.search(/var \w+=class\{options;parser;constructor/);
      if (!lexer || renderer < source.indexOf("lexInline"))
        throw new Error("marked has changed: update build.mjs");
      const contents = `${withoutModes(source.slice(0, renderer))}\nexport{${lexer} as Lexer};`;
      return { contents: contents.replace(/^\/\*\*/, "/*!") };
    });
  },
};

function withoutModes(source) {
  let contents = source.replaceAll(/this\.options\.(?:pedantic|breaks)\b/g, "!1");
  const cut = (pattern) => {
    const [found] = new RegExp(pattern).exec(contents) ?? [];
    if (!found) throw new Error("marked has changed: update build.mjs");
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

/** Remove the branch of preact that sets a string as HTML: the prop then has no effect. */
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
        throw new Error("preact has changed: update build.mjs");
      return { contents };
    });
  },
};

/**
 * Include complete libraries with their license. highlight.js can also write into a page: that function is never called,
 * and is patched to set text. Its private support for continuing after an earlier piece of code is made an option.
 */
const vendored = {
  name: "vendored",
  setup({ onLoad }) {
    onLoad({ filter: /highlight\.js[\\/]lib[\\/]core\.js$/ }, async ({ path }) => {
      const source = await readFile(path, "utf8");
      const call = "_highlight(context.language, context.code, ignoreIllegals)";
      if (!source.includes("element.innerHTML") || !source.includes(call))
        throw new Error("highlight.js has changed: update build.mjs");
      const contents = source
        .replaceAll("element.innerHTML", "element.textContent")
        .replace(call, call.replace(")", ", optionsOrCode.continuation)"));
      return { contents: await withLicense(contents, "highlight.js") };
    });
    // All packages of CodeMirror have the same license.
    onLoad({ filter: /@codemirror[\\/]state[\\/]dist[\\/]index\.js$/ }, async ({ path }) => ({
      contents: await withLicense(await readFile(path, "utf8"), "@codemirror/state"),
    }));
    onLoad({ filter: /katex\.mjs$/ }, async ({ path }) => {
      // Rename a method called `fetch`, which no bundle may call: see test/sinks.test.ts.
      const source = await readFile(path, "utf8");
      if (source.includes("fetchAhead")) throw new Error("KaTeX has changed: update build.mjs");
      return { contents: await withLicense(source.replaceAll(/\bfetch\(/g, "fetchAhead("), "katex") };
    });
  },
};

const REACT = ["react", "react-dom", "scheduler", "@tanstack/react-query", "@tanstack/query-core"];

/** Start the bundle that contains React with the licenses of its libraries. */
async function reactLicenses() {
  const texts = await Promise.all(REACT.map((name) => withLicense("", name)));
  return texts.join("").trim();
}

async function withLicense(source, name) {
  const { version } = JSON.parse(await readFile(`node_modules/${name}/package.json`, "utf8"));
  const license = await readFile(`node_modules/${name}/LICENSE`, "utf8");
  return `/*! ${name} ${version}\n${license.trim()} */\n${source}`;
}

/**
 * Replace imports of modules that the runtime exports (src/playground/panel-runtime.ts) by properties of `runtime`, the
 * argument of the bundle's function. An export that the runtime lacks fails the build.
 */
const runtimeAsArgument = {
  name: "runtime-as-argument",
  setup({ resolve, onStart, onResolve, onLoad }) {
    const list = "src/playground/panel-runtime.ts";
    const resolveDir = dirname(resolvePath(list));
    const names = new Map();
    const exports = /^export \{([^}]+)\} from "([^"]+)"/gm;
    onStart(async () => {
      for (const [, exported, path] of (await readFile(list, "utf8")).matchAll(exports)) {
        const found = await resolve(path, { kind: "import-statement", resolveDir, pluginData: "own" });
        names.set(found.path, exported);
      }
    });
    onResolve({ filter: /./ }, async ({ path, kind, pluginData, resolveDir }) => {
      if (pluginData === "own" || kind === "entry-point") return undefined;
      const found = await resolve(path, { kind, resolveDir, pluginData: "own" });
      return names.has(found.path) ? { path: found.path, namespace: "runtime" } : undefined;
    });
    onLoad({ filter: /./, namespace: "runtime" }, ({ path }) => ({
      contents: `export const {${names.get(path)}} = runtime;`,
    }));
  },
};

// Modules of which JupyterLab has one instance in the page.
const SHARED_MODULE =
  /^(@jupyterlab\/|@lumino\/|@codemirror\/(language|state|view)$|@lezer\/(common|highlight)$)/;

/** Replace imports of shared modules by calls of the container, and note their names. */
const sharedByJupyterLab = (names) => ({
  name: "shared-by-jupyterlab",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: SHARED_MODULE }, ({ path }) => {
      names.add(path);
      return { path, namespace: "jupyterlab" };
    });
    onLoad({ filter: /./, namespace: "jupyterlab" }, ({ path }) => ({
      contents: `module.exports = window._JUPYTERLAB["openrouter-nb"].shared(${JSON.stringify(path)})`,
    }));
  },
});

/** Write the prebuilt extension of JupyterLab. The hash in the name of its file keeps browsers from using an older one. */
async function buildLabExtension(target) {
  const name = "openrouter-nb";
  const names = new Set();
  const options = { ...shared, entryPoints: ["src/lab.ts"], format: "iife", write: false, logLevel: "error" };
  options.plugins = [sharedByJupyterLab(names), ...shared.plugins];
  await build({ ...options, define: { SHARED: "[]" } }); // finds the names
  const { outputFiles } = await build({ ...options, define: { SHARED: JSON.stringify([...names].sort()) } });
  const [{ contents }] = outputFiles;
  const hash = createHash("sha256").update(contents).digest("hex").slice(0, 20);
  const [, version] = /^version = "(.+)"$/m.exec(await readFile("../pyproject.toml", "utf8"));
  const manifest = {
    name,
    version,
    description: "openrouter-nb in JupyterLab and Jupyter Notebook.",
    license: "BSD-3-Clause",
    jupyterlab: {
      extension: true,
      schemaDir: "schema",
      _build: { load: `static/remoteEntry.${hash}.js`, extension: "./extension" },
    },
  };
  const install = {
    packageManager: "python",
    packageName: name,
    uninstallInstructions: `Use your Python package manager: pip uninstall ${name}`,
  };
  const schemas = await readdir("src/lab/schema");
  const files = {
    "package.json": json(manifest),
    "install.json": json(install),
    [`static/remoteEntry.${hash}.js`]: contents,
    [`schemas/${name}/package.json.orig`]: json(manifest),
  };
  for (const file of schemas) files[`schemas/${name}/${file}`] = await readFile(`src/lab/schema/${file}`);
  await rm(target, { recursive: true, force: true });
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(`${target}/${path}`), { recursive: true });
    await writeFile(`${target}/${path}`, text);
  }
}

const json = (value) => `${JSON.stringify(value, null, 2)}\n`;

// anywidget evaluates each module from its text, so bundles must not have relative or bare imports.
const shared = {
  outdir: "../openrouter_nb/static",
  bundle: true,
  format: "esm",
  target: "es2022",
  minify: true,
  charset: "utf8",
  legalComments: "eof",
  plugins: [cssAsText, lexerOnly, vendored, preactWithoutHtml],
  logLevel: "info",
};
await build({
  ...shared,
  entryPoints: [
    "src/live.ts",
    "src/live-loader.ts",
    "src/json-editor.ts",
    "src/highlight.ts",
    "src/structured.ts",
    "src/typeset.ts",
    "src/playground-loader.ts",
    "src/client.ts",
    "src/client-markdown.ts",
  ],
});
await build({
  ...shared,
  entryPoints: ["src/client-react.ts"],
  define: { "process.env.NODE_ENV": '"production"' },
  banner: { js: await reactLicenses() },
  legalComments: "none",
});
const withElements = {
  ...shared,
  inject: ["jsx.mjs"],
  tsconfigRaw: { compilerOptions: { jsx: "react", jsxFactory: "h", jsxFragmentFactory: "Fragment" } },
};
await build({ ...withElements, entryPoints: ["src/playground.ts"] });
// A function that takes the runtime and returns the views.
await build({
  ...withElements,
  entryPoints: ["src/panel-views.ts"],
  format: "iife",
  globalName: "views",
  banner: { js: "export default(runtime)=>{" },
  footer: { js: "return views.default}" },
  plugins: [runtimeAsArgument, ...shared.plugins],
});
await buildLabExtension("../openrouter_nb/labextension");
// The package for npm; its declarations are written by its `prepack`.
const dist = "packages/client/dist";
await build({
  ...shared,
  outdir: dist,
  entryPoints: {
    index: "src/client.ts",
    react: "src/client/react-binding.ts",
    markdown: "src/client-markdown.ts",
  },
  external: ["react", "@tanstack/react-query"],
});
await copyFile("../LICENSE", `${dist}/LICENSE`);
