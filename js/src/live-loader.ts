import { createBundleLoader } from "./live/bundle-loader";
import { pageEntry } from "./live/page-registry";

export default createBundleLoader(pageEntry("live"), { kind: "module" });
