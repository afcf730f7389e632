import { useSignal } from "@preact/signals";
import { useRef } from "preact/hooks";
import { fill, STRINGS } from "../strings";
import { Button } from "../ui/button";
import { type ControlProps, controlAttributes, pastedInto } from "./control-props";

interface StringListProps extends ControlProps {
  most: number | null;
  suggestions?: readonly string[];
}

/** An ordered list of strings: stop sequences, models, providers. Escape sequences are shown and can be typed. */
export function StringListControl({ most, suggestions, ...props }: StringListProps) {
  const { value, label, onChange } = props;
  const draft = useSignal("");
  const input = useRef<HTMLInputElement>(null);
  const words: readonly string[] = Array.isArray(value) ? value : typeof value === "string" ? [value] : [];
  const set = (next: readonly string[]) => onChange(next.length > 0 ? next : undefined);
  const add = (texts: readonly string[]) => {
    const fresh = texts.map(readEscapes).filter((text) => text !== "" && !words.includes(text));
    draft.value = "";
    if (fresh.length > 0) set([...words, ...fresh]);
  };
  const move = (at: number, by: number) => {
    const next = [...words];
    next.splice(at + by, 0, ...next.splice(at, 1));
    set(next);
  };
  const list = suggestions && suggestions.length > 0 ? `${props.id}-list` : undefined;
  const isFull = most !== null && words.length >= most;
  return (
    <div class="orn-words">
      {words.map((word, at) => (
        <span key={word} class="orn-word">
          <code dir="auto">{showEscapes(word)}</code>
          {at > 0 && (
            <Button
              bare
              icon="up"
              label={fill(STRINGS.moveEarlier, { name: showEscapes(word) })}
              onPress={() => move(at, -1)}
            />
          )}
          <Button
            bare
            icon="close"
            label={fill(STRINGS.removeNamed, { name: showEscapes(word) })}
            onPress={() => {
              set(words.filter((_, index) => index !== at));
              input.current?.focus();
            }}
          />
        </span>
      ))}
      <input
        {...controlAttributes(props)}
        ref={input}
        type="text"
        aria-label={fill(STRINGS.addTo, { name: label })}
        autocomplete="off"
        dir="auto"
        list={list}
        placeholder={most === null ? STRINGS.add : `${STRINGS.add} ${words.length}/${most}`}
        readOnly={isFull}
        value={draft.value}
        onInput={({ currentTarget }) => {
          draft.value = currentTarget.value;
          if (suggestions?.includes(currentTarget.value)) add([currentTarget.value]);
        }}
        onPaste={(event) => {
          const text = pastedInto(event);
          if (!text.includes("\n")) return;
          event.preventDefault();
          add(text.split(/\r?\n/));
        }}
        onBlur={() => add([draft.value])}
        onKeyDown={(event) => {
          if (event.key === "Enter" && !event.ctrlKey && !event.metaKey) {
            event.preventDefault();
            add([draft.value]);
          } else if (event.key === "Backspace" && draft.value === "" && words.length > 0) {
            set(words.slice(0, -1));
          }
        }}
      />
      {list && (
        <datalist id={list}>
          {suggestions?.map((word) => (
            <option key={word} value={word} />
          ))}
        </datalist>
      )}
    </div>
  );
}

const ESCAPES: Readonly<Record<string, string>> = { "\n": "\\n", "\t": "\\t", "\r": "\\r", "\\": "\\\\" };

function showEscapes(text: string): string {
  return text.replace(/[\n\t\r\\]/g, (character) => ESCAPES[character] ?? character);
}

function readEscapes(text: string): string {
  return text.replace(/\\[ntr\\]/g, (escaped) => {
    const found = Object.entries(ESCAPES).find(([, each]) => each === escaped);
    return found?.[0] ?? escaped;
  });
}
