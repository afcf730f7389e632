import { useSignal } from "@preact/signals";
import { useLayoutEffect, useRef } from "preact/hooks";
import { usePanel } from "../context";
import { jsonProblem } from "../controls/control-props";
import { useJsonEditor } from "../controls/use-json-editor";
import { STRINGS } from "../strings";
import { Button } from "../ui/button";
import { isSendKey, useElementId } from "../ui/hooks";

/** Edits the conversation as JSON messages of a request. Applying it is one step of Undo. */
export function ThreadJson() {
  const panel = usePanel();
  const text = useSignal("");
  const isLoaded = useSignal(false);
  const refused = useSignal("");
  const area = useRef<HTMLTextAreaElement>(null);
  const editor = useJsonEditor(area);
  const id = useElementId();
  useLayoutEffect(() => {
    area.current?.focus();
    void panel.kernel.query({ ask: "thread_json" }).then(({ problem, value }) => {
      refused.value = problem;
      isLoaded.value = !problem;
      // Text that was typed before goes to the end, where the cursor is; JSON that was pasted replaces the conversation.
      const isPasted = text.value.trim() !== "" && !jsonProblem(text.value);
      if (!isPasted) text.value = String(value ?? "") + text.value;
    });
  }, []);
  const broken = isLoaded.value ? jsonProblem(text.value) : undefined;
  const problem = broken ? `${STRINGS.notJson} ${broken}` : refused.value;
  const close = () => {
    area.current?.focus(); // the focus moves from here to the conversation, which replaces the editor
    panel.isJson.value = false;
  };
  const save = async () => {
    if (broken || !isLoaded.value) return;
    const { problem } = await panel.kernel.command({ op: "set_thread", json: text.value });
    refused.value = problem;
    if (!problem) close();
  };
  return (
    <section
      class="orn-thread-json orn-stack"
      aria-label={STRINGS.editAsJson}
      onKeyDown={(event) => {
        if (isSendKey(event)) void save();
        else if (event.key === "Escape") close();
        else return;
        event.preventDefault();
        event.stopPropagation();
      }}
    >
      <textarea
        {...editor}
        ref={area}
        class="orn-code"
        rows={18}
        spellcheck={false}
        aria-label={STRINGS.conversationJson}
        aria-invalid={problem ? true : undefined}
        aria-describedby={id}
        dir="ltr"
        value={text.value}
        onInput={({ currentTarget }) => {
          text.value = currentTarget.value;
          refused.value = "";
        }}
      />
      <p id={id} class={problem ? "orn-problem" : "orn-sr"}>
        {problem}
      </p>
      <div class="orn-row">
        <Button
          primary
          label={STRINGS.save}
          inactive={!!broken || !isLoaded.value}
          onPress={() => void save()}
        />
        <Button label={STRINGS.cancel} onPress={close} />
      </div>
    </section>
  );
}
