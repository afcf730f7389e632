import type { RefObject } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { usePanel } from "../context";
import { useComposition } from "../ui/hooks";
import type { Editor } from "./json-editor-module";

/**
 * Give a text field for JSON an editor. The field stays a plain one until it has the focus and the module is loaded, or
 * if there is no kernel. Returns handlers of the field.
 */
export function useJsonEditor(field: RefObject<HTMLTextAreaElement | null>) {
  const { enhancers, isGone } = usePanel();
  const editor = useRef<Editor | undefined>(undefined);
  const { isActive, handlers } = useComposition();
  const open = () =>
    enhancers.get("json-editor").then((create) => {
      // A composition ends in the field in which it began.
      if (field.current && !isActive()) editor.current ??= create(field.current);
    });
  void isGone.value; // it disables the field
  useLayoutEffect(() => editor.current?.update());
  useEffect(() => () => editor.current?.destroy(), []);
  return {
    ...handlers,
    onFocus: () => void open(),
    onCompositionEnd() {
      handlers.onCompositionEnd();
      void open();
    },
  };
}
