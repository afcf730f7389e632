import type { JupyterFrontEndPlugin } from "@jupyterlab/application";
import { commandsPlugin } from "./commands-plugin";
import { errorsPlugin } from "./errors-plugin";
import { pageCellsPlugin } from "./page-cells-plugin";
import { prosePlugin } from "./prose/prose-plugin";

/** The plugins of the extension. JupyterLab activates each on its own: one that fails leaves the others. */
export const plugins: JupyterFrontEndPlugin[] = [prosePlugin, commandsPlugin, errorsPlugin, pageCellsPlugin];
