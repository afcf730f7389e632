import { createBundleLoader } from "./live/bundle-loader";
import { pageEntry } from "./live/page-registry";

export default createBundleLoader(pageEntry("live.3"), { kind: "module" });
