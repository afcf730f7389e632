import { loader } from "./loader";
import { VERSION } from "./playground/protocol";
import { playgroundSlot } from "./slot";

export default loader(playgroundSlot(), { v: VERSION, id: 0, kind: "module" });
