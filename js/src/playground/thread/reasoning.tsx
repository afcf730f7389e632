import { useSignal } from "@preact/signals";
import { STRINGS } from "../strings";
import { Markdown } from "../ui/markdown";

/** The model's reasoning: open until the answer begins, then closed, unless the user has decided otherwise. */
export function Reasoning({ text, label, isRunning }: { text: string; label: string; isRunning: boolean }) {
  const isReaders = useSignal<boolean | undefined>(undefined);
  const isOpen = isReaders.value ?? isRunning;
  return (
    <details class="orn-reasoning" open={isOpen}>
      <summary
        onClick={(event) => {
          event.preventDefault();
          isReaders.value = !isOpen;
        }}
      >
        {label || STRINGS.reasoning}
      </summary>
      {isOpen && <Markdown text={text} isFinal={!isRunning} />}
    </details>
  );
}
