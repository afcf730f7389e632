import type { ComponentChildren } from "preact";

/**
 * What a parameter does. Shown at the foot of the column while its row has the focus, where it moves nothing. Its text is
 * part of the description of the control at all times.
 */
export function Help({ text, id, children }: { text: string; id?: string; children?: ComponentChildren }) {
  return (
    // A press on it does not take the focus from the row, which would close it.
    <div id={id} class="orn-help" onMouseDown={(event) => event.preventDefault()}>
      {text}
      {children}
    </div>
  );
}
