import { useSignal } from "@preact/signals";
import { isObject } from "../../shared/guards";
import { fill, STRINGS } from "../strings";
import { Button } from "../ui/button";
import { type ControlProps, pastedInto, readNumber } from "./control-props";
import { CommittedText } from "./text-controls";

interface KeyValueProps extends ControlProps {
  isNumeric: boolean;
  most: number | null;
}

/** A table of keys and values: metadata, logit bias. A list pasted into a key is split into rows. */
export function KeyValueControl({ isNumeric, most, ...props }: KeyValueProps) {
  const { id, label, value, describedBy, onChange } = props;
  const pairs = Object.entries((isObject(value) ? value : {}) as Record<string, unknown>);
  const fresh = useSignal("");
  /** The text cannot be read as pairs. It stays in the field. */
  const isUnread = useSignal(false);
  const set = (next: readonly (readonly [string, unknown])[]) =>
    onChange(next.length > 0 ? Object.fromEntries(next) : undefined);
  const add = (text: string) => {
    const rows = readPairs(text, isNumeric);
    isUnread.value = rows.length === 0 && text.trim() !== "";
    if (rows.length === 0) return;
    fresh.value = "";
    set([...pairs, ...rows]);
  };
  return (
    <div id={id} class="orn-pairs" role="group" aria-label={label} aria-describedby={describedBy}>
      {pairs.map(([key, each], at) => (
        <div key={key} class="orn-pair">
          <code dir="auto">{key}</code>
          <CommittedText
            inputMode={isNumeric ? "decimal" : "text"}
            label={fill(STRINGS.valueOf, { name: key })}
            value={String(each)}
            onCommit={(text) => {
              const next = isNumeric ? (readNumber(text) ?? 0) : text;
              set(pairs.map((pair, index) => (index === at ? [key, next] : pair)));
            }}
          />
          <Button
            bare
            icon="close"
            label={fill(STRINGS.removeNamed, { name: key })}
            onPress={() => set(pairs.filter((_, index) => index !== at))}
          />
        </div>
      ))}
      <input
        type="text"
        aria-label={fill(STRINGS.addTo, { name: label })}
        placeholder={`${props.ghost}${most === null ? "" : ` (${pairs.length}/${most})`}`}
        autocomplete="off"
        dir="auto"
        aria-invalid={isUnread.value || undefined}
        value={fresh.value}
        onInput={({ currentTarget }) => {
          fresh.value = currentTarget.value;
          isUnread.value = false;
        }}
        onBlur={() => add(fresh.value)}
        onPaste={(event) => {
          const text = pastedInto(event);
          if (readPairs(text, isNumeric).length < (text.trim().startsWith("{") ? 1 : 2)) return;
          event.preventDefault();
          add(text);
        }}
        onKeyDown={(event) => {
          if (event.key !== "Enter" || event.ctrlKey || event.metaKey) return;
          event.preventDefault();
          add(fresh.value);
        }}
      />
    </div>
  );
}

/** Parse `key: value` pairs, separated by commas or line ends, or a JSON object. Returns no pairs if a part is neither. */
export function readPairs(text: string, isNumeric: boolean): [string, unknown][] {
  const trimmed = text.trim();
  if (trimmed.startsWith("{")) {
    try {
      return Object.entries(JSON.parse(trimmed) as Record<string, unknown>);
    } catch {
      return [];
    }
  }
  const pairs = trimmed
    .split(isNumeric ? /[\n,]/ : /\n/)
    .filter((part) => part.trim() !== "")
    .map((part): [string, unknown] | undefined => {
      const [, key, value = ""] = /^\s*([^:=\s][^:=]*?)\s*(?:[:=]\s*(.*?))?\s*$/.exec(part) ?? [];
      return key ? [key, isNumeric ? (readNumber(value) ?? 0) : value] : undefined;
    });
  return pairs.every((pair) => pair !== undefined) ? pairs : [];
}
