import { useSignal } from "@preact/signals";
import { useLayoutEffect, useRef } from "preact/hooks";
import { usePanel } from "../context";
import { jsonProblem } from "../controls/control-props";
import type { ToolCall } from "../protocol";
import { fill, STRINGS } from "../strings";
import { Button } from "../ui/button";
import { focusUnlessTyping, useElementId } from "../ui/hooks";
import { Icon } from "../ui/icon";

interface AnswerRef {
  item: string;
  column: string | null;
}

/** A tool call. It is open while it needs a decision. */
export function ToolCallCard({ call, where }: { call: ToolCall; where: AnswerRef | undefined }) {
  const panel = usePanel();
  const mode = useSignal<"" | "edit" | "result" | "refuse">("");
  const draft = useSignal("");
  const area = useRef<HTMLTextAreaElement>(null);
  const summary = useRef<HTMLElement>(null);
  useLayoutEffect(() => focusUnlessTyping(area.current), [mode.value]);
  const isOpen = call.state === "waiting" || call.state === "unknown";
  const id = useElementId();
  const problem = mode.value === "edit" ? jsonProblem(draft.value) : undefined;
  const begin = (next: typeof mode.value, text: string) => {
    mode.value = mode.value === next ? "" : next;
    draft.value = text;
  };
  // The pressed button is removed: keep the focus in this call.
  const close = () => {
    mode.value = "";
    summary.current?.focus();
  };
  const act = async () => {
    if (!where) return;
    const at = { ...where, call: call.id };
    const text = draft.value;
    const chosen = mode.value;
    close();
    const { problem } = await panel.do(
      chosen === "edit"
        ? { op: "tool_run", ...at, arguments: text }
        : chosen === "result"
          ? { op: "tool_result", ...at, text }
          : { op: "tool_refuse", ...at, ...(text ? { text } : {}) },
    );
    if (!problem) return;
    mode.value = chosen;
    draft.value = text;
  };
  return (
    <details
      class="orn-tool"
      open={isOpen || call.state === "running" || mode.value !== ""}
      data-state={call.state}
    >
      <summary ref={summary}>
        <Icon name="tool" />
        <code class="orn-grow">{call.name}</code>
        <span class="orn-tag">{STRINGS.callStates[call.state]}</span>
      </summary>
      {call.signature && <code class="orn-signature">{call.signature}</code>}
      <pre
        class="orn-code"
        tabIndex={0}
        role="region"
        aria-label={fill(STRINGS.argumentsOf, { name: call.name })}
      >
        {pretty(call.arguments)}
      </pre>
      {call.problem && <p class="orn-problem">{call.problem}</p>}
      {call.output && (
        <pre
          class="orn-code orn-result"
          tabIndex={0}
          role="region"
          aria-label={fill(STRINGS.outputOf, { name: call.name })}
        >
          {call.output}
        </pre>
      )}
      {call.result !== undefined && (
        <pre
          class="orn-code orn-result"
          tabIndex={0}
          role="region"
          aria-label={fill(STRINGS.resultOf, { name: call.name })}
        >
          {call.result}
        </pre>
      )}
      {isOpen && where && (
        <div class="orn-row">
          {call.state === "waiting" && (
            <>
              <Button
                primary
                icon="go"
                label={STRINGS.run}
                onPress={() => {
                  void panel.do({ op: "tool_run", ...where, call: call.id });
                  close();
                }}
              />
              <Button
                icon="edit"
                label={STRINGS.editArguments}
                pressed={mode.value === "edit"}
                onPress={() => begin("edit", pretty(call.arguments))}
              />
            </>
          )}
          <Button
            label={STRINGS.giveResult}
            pressed={mode.value === "result"}
            onPress={() => begin("result", "")}
          />
          <Button
            label={STRINGS.refuse}
            pressed={mode.value === "refuse"}
            onPress={() => begin("refuse", "")}
          />
        </div>
      )}
      {mode.value && (
        <div class="orn-stack">
          <textarea
            class="orn-code"
            rows={4}
            ref={area}
            aria-label={STRINGS.callModes[mode.value]}
            placeholder={STRINGS.callModes[mode.value]}
            aria-invalid={problem ? true : undefined}
            aria-describedby={problem ? id : undefined}
            dir={mode.value === "edit" ? "ltr" : "auto"}
            value={draft.value}
            onInput={({ currentTarget }) => {
              draft.value = currentTarget.value;
            }}
            onKeyDown={(event) => {
              if (event.key !== "Escape") return;
              event.preventDefault();
              event.stopPropagation();
              close();
            }}
          />
          {problem && (
            <p id={id} class="orn-problem">
              {problem}
            </p>
          )}
          <div class="orn-row">
            <Button
              primary
              label={STRINGS.callActs[mode.value]}
              disabled={!!problem}
              onPress={() => void act()}
            />
            <Button label={STRINGS.cancel} onPress={close} />
          </div>
        </div>
      )}
    </details>
  );
}

function pretty(json: string): string {
  try {
    return JSON.stringify(JSON.parse(json), null, 2);
  } catch {
    return json;
  }
}
