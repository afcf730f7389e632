/**
 * The container that JupyterLab loads (module federation): it calls `init` with the modules that it shares, then
 * `get("./extension")`. build.mjs replaces imports of shared modules by `shared(name)` and defines SHARED as their names.
 */

interface Offer {
  get: () => Promise<() => unknown> | (() => unknown);
  loaded?: unknown;
}

declare const SHARED: readonly string[];

const NAME = "openrouter-nb";
const modules = new Map<string, unknown>();
let offers: Record<string, Record<string, Offer>> = {};
let taking: Promise<unknown> | undefined;

/** Take the version of a module that the page uses, or else the newest one. */
async function take(name: string): Promise<void> {
  const versions = Object.entries(offers[name] ?? {}).sort(([a], [b]) =>
    b.localeCompare(a, "en", { numeric: true }),
  );
  const [, offer] = versions.find(([, each]) => each.loaded) ?? versions[0] ?? [];
  if (!offer) throw new Error(`this JupyterLab does not share ${name}`);
  modules.set(name, (await offer.get())());
}

/** Return the plugins, or none if this JupyterLab lacks a module: an error would leave the page blank. */
async function load(): Promise<unknown[]> {
  try {
    taking ??= Promise.all(SHARED.map(take));
    await taking;
    return (await import("./lab/plugins")).plugins;
  } catch (error) {
    console.warn(`${NAME}: the extension is not loaded.`, error);
    return [];
  }
}

const page = window as unknown as { _JUPYTERLAB?: Record<string, unknown> };
page._JUPYTERLAB ??= {};
page._JUPYTERLAB[NAME] = {
  shared: (name: string) => modules.get(name),
  init(scope: typeof offers) {
    offers = scope;
  },
  // JupyterLab looks for `__esModule`, which a bundled module lacks, and adds a property to the object.
  get: async () => {
    const plugins = await load();
    return () => ({ __esModule: true, default: plugins });
  },
};
