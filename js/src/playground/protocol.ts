/**
 * What the kernel and the panel say to each other; the Python half is `openrouter_nb/playground/protocol.py`.
 *
 * The kernel owns the truth. It writes the traits and the panel only reads them: every change is an `op` message, which
 * the kernel checks, carries out, and acknowledges after the traits that it changed. The panel may show a change before
 * that; an `ack` with a problem takes it back. Nothing here holds the key. Answers that are being written travel as
 * numbered deltas of all columns together; `live` is a snapshot of them, taken whenever a page asks for the state.
 */

export * from "./protocol/columns";
export * from "./protocol/commands";
export * from "./protocol/messages";
export * from "./protocol/queries";
export * from "./protocol/specs";
export * from "./protocol/thread";
export * from "./protocol/traits";
export * from "./protocol/values";
