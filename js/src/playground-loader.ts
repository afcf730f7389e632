import { createBundleLoader } from "./live/bundle-loader";
import { pageEntry } from "./live/page-registry";
import { VERSION } from "./playground/protocol";

export default createBundleLoader(pageEntry("playground.3"), { v: VERSION, id: 0, kind: "module" });
