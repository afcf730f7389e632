import { loader } from "./loader";
import { liveSlot } from "./slot";

export default loader(liveSlot(), { kind: "module" });
