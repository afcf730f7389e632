import { useSignal } from "@preact/signals";
import { useRef } from "preact/hooks";
import { usePanel } from "../context";
import { STRINGS } from "../strings";
import { Button } from "../ui/button";
import { VariableMenu } from "../variable-menu";

type Attach = (files: readonly File[]) => void;

/** Return a function that attaches files to a message, or to the draft for null. */
export function useAttach(item: string | null): Attach {
  const panel = usePanel();
  return (files) => void panel.attach(item, files);
}

/** Return handlers that attach files dropped on an element. */
export function useFileDrop(attach: Attach) {
  const isOver = useSignal(false);
  return {
    "data-over": isOver.value,
    onDragOver(event: DragEvent) {
      if (!event.dataTransfer?.types.includes("Files")) return;
      event.preventDefault();
      event.stopPropagation();
      isOver.value = true;
    },
    onDragLeave() {
      isOver.value = false;
    },
    onDrop(event: DragEvent) {
      isOver.value = false;
      const files = [...(event.dataTransfer?.files ?? [])];
      if (files.length === 0) return;
      event.preventDefault();
      event.stopPropagation();
      attach(files);
    },
  };
}

/** Return a paste handler that attaches files; text is pasted as usual, also beside its picture (Excel, Word). */
export function pasteFiles(attach: Attach): (event: ClipboardEvent) => void {
  return (event) => {
    const { clipboardData } = event;
    const files = [...(clipboardData?.files ?? [])];
    if (files.length === 0 || hasText(clipboardData, files)) return;
    event.preventDefault();
    attach(files);
  };
}

/** Return whether a clipboard has text. Browsers add an `img` element to a copied image, Finder its name to a file. */
function hasText(clipboard: DataTransfer | null, files: readonly File[]): boolean {
  const [plain = "", html = ""] = ["text/plain", "text/html"].map((type) => clipboard?.getData(type));
  const names = files.map(({ name }) => name);
  return [...plain.split(/[\r\n]+/), html.replace(/<[^<>]*>/g, "")].some(
    (text) => text.trim() !== "" && !names.includes(text),
  );
}

/** Buttons to attach files and variables of the notebook. */
export function AttachButtons({ item, attach }: { item: string | null; attach: Attach }) {
  const panel = usePanel();
  const picker = useRef<HTMLInputElement>(null);
  return (
    <>
      <Button bare icon="attach" label={STRINGS.attach} onPress={() => picker.current?.click()} />
      <input
        ref={picker}
        type="file"
        multiple
        hidden
        onChange={({ currentTarget }) => {
          attach([...(currentTarget.files ?? [])]);
          currentTarget.value = "";
        }}
      />
      <VariableMenu
        use="attachment"
        icon="code"
        label={STRINGS.variable}
        onPick={(variable) => void panel.do({ op: "attach", item, name: variable, variable })}
      />
    </>
  );
}
