import { loader } from "./loader";
import { VERSION } from "./playground/protocol";
import { slotOf } from "./slot";

export default loader(slotOf("playground"), { v: VERSION, id: 0, kind: "module" });
