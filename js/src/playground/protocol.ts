/**
 * Messages between the kernel and the panel; the Python half is `openrouter_nb/playground/protocol.py`. The kernel owns
 * the state. It writes the traits and the panel only reads them: every change is an `op` message, which the kernel
 * validates, applies, and acknowledges after the changed traits. The panel may show a change before that; an `ack` with
 * a problem reverts it. No message contains the key. Live answers are sent as numbered deltas of all columns together;
 * `live` contains their snapshots, taken when a page requests the state.
 */

export * from "./protocol/columns";
export * from "./protocol/commands";
export * from "./protocol/messages";
export * from "./protocol/queries";
export * from "./protocol/specs";
export * from "./protocol/thread";
export * from "./protocol/traits";
export * from "./protocol/values";
