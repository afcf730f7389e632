import { loader } from "./loader";
import { slotOf } from "./slot";

export default loader(slotOf("live"), { kind: "module" });
