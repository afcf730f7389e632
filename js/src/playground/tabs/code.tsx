import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { usePanel } from "../context";
import { CODE_FORMATS, type CodeFormat, type CodeReply } from "../protocol";
import { STRINGS } from "../strings";
import { Button } from "../ui/button";
import { copy } from "../ui/clipboard";
import { insertCell } from "../ui/insert-cell";
import { Tabs } from "../ui/tabs";

/** The request that would be sent now, as code for elsewhere. It is the kernel that writes it. */
export function CodeTab() {
  const panel = usePanel();
  const format = useSignal<CodeFormat>("chat");
  const column = useSignal<string | undefined>(undefined);
  const reply = useSignal<CodeReply | undefined>(undefined);
  const said = useSignal("");
  const columns = panel.traits.columns.value;
  const { params, thread, draft } = panel.traits;

  useEffect(() => {
    let isCurrent = true;
    const of = column.value === undefined ? {} : { column: column.value };
    void panel.kernel.query({ ask: "code", format: format.value, ...of }).then(({ problem, value }) => {
      if (!isCurrent) return;
      said.value = problem;
      reply.value = problem ? undefined : (value as CodeReply);
    });
    return () => {
      isCurrent = false;
    };
  }, [format.value, column.value, params.value, thread.value, draft.value, columns]);

  const text = reply.value?.text ?? "";
  const isCell = format.value !== "typescript" && format.value !== "curl";
  return (
    <div class="orn-pane">
      <Tabs
        label={STRINGS.code}
        tabs={CODE_FORMATS.map((id) => ({ id, label: STRINGS.formats[id] }))}
        value={format.value}
        onChange={(id) => {
          format.value = id;
        }}
      />
      <div class="orn-row">
        <Button
          icon="copy"
          label={STRINGS.copy}
          onPress={async () => {
            said.value = (await copy(text)) ? STRINGS.copied : STRINGS.notCopied;
          }}
        />
        {isCell && (
          <Button
            icon="cell"
            label={STRINGS.insertAsCell}
            onPress={async ({ currentTarget }) => {
              if (await insertCell(currentTarget, text)) said.value = STRINGS.inserted;
              else said.value = (await copy(text)) ? STRINGS.copiedForCell : STRINGS.notCopied;
            }}
          />
        )}
        {columns.length > 1 && (
          <select
            aria-label={STRINGS.valuesOf}
            value={column.value ?? columns[0]?.id}
            onChange={({ currentTarget }) => {
              column.value = currentTarget.value;
            }}
          >
            {columns.map(({ id, model }) => (
              <option key={id} value={id}>
                {model}
              </option>
            ))}
          </select>
        )}
        <span class="orn-muted" role="status">
          {said.value}
        </span>
      </div>
      <pre class="orn-code" tabIndex={0} role="region" aria-label={STRINGS.formats[format.value]}>
        {text}
      </pre>
      {reply.value?.note && <p class="orn-muted">{reply.value.note}</p>}
    </div>
  );
}
