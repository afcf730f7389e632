import { createBundleLoader } from "./shared/bundle-loader";
import { pageEntry } from "./shared/page-registry";

export default createBundleLoader(pageEntry("live"), { kind: "module" });
