import { VERSION } from "./playground/protocol";
import { createBundleLoader } from "./shared/bundle-loader";
import { pageEntry } from "./shared/page-registry";

export default createBundleLoader(pageEntry("playground"), { v: VERSION, id: 0, kind: "module" });
