import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { useFocusTarget, usePanel } from "../context";
import type { Command, ConversationFileReply, ConversationRow, ConversationsReply } from "../protocol";
import { fill, plural, STRINGS } from "../strings";
import { Button } from "../ui/button";
import { count, dollars } from "../ui/format";
import { Menu } from "../ui/menu";
import { VirtualList } from "../ui/virtual-list";
import { VIEW_STRINGS } from "./strings";

const ROW_HEIGHT = 56;

/** The stored conversations of all kernels: search, open, run again, export, import, delete. */
export function Conversations() {
  const panel = usePanel();
  const search = useSignal("");
  const rows = useSignal<readonly ConversationRow[] | undefined>(undefined);
  const problem = useSignal("");
  const { changes } = panel.traits.history.value;

  useEffect(() => {
    let isCurrent = true;
    const words = search.value.trim();
    void panel.kernel.query({ ask: "conversations", search: words }).then((reply) => {
      if (!isCurrent) return;
      problem.value = reply.problem;
      rows.value = (reply.value as ConversationsReply | null)?.rows ?? [];
    });
    return () => {
      isCurrent = false;
    };
  }, [search.value, changes]);

  const found = rows.value ?? [];
  return (
    <>
      <div class="orn-row">
        <input
          type="search"
          class="orn-grow"
          aria-label={VIEW_STRINGS.searchHistory}
          placeholder={VIEW_STRINGS.searchHistory}
          dir="auto"
          value={search.value}
          onInput={({ currentTarget }) => {
            search.value = currentTarget.value;
          }}
          onKeyDown={(event) => {
            if (event.key !== "Escape" || !search.value) return;
            event.preventDefault();
            search.value = "";
          }}
        />
        <ImportButton />
      </div>
      <p class="orn-row orn-muted" role="status">
        {rows.value ? plural(VIEW_STRINGS.nConversations, found.length) : STRINGS.loading}
        <Deleted />
      </p>
      {problem.value && <p class="orn-problem">{problem.value}</p>}
      {found.length > 0 && <List rows={found} />}
    </>
  );
}

/** Tab reaches one row; arrow keys move to the others. */
function List({ rows }: { rows: readonly ConversationRow[] }) {
  const scroller = useRef<HTMLDivElement>(null);
  const chosen = useSignal(0);
  const isMoving = useRef(false);
  const active = Math.min(chosen.value, rows.length - 1);
  const onKeyDown = (event: KeyboardEvent) => {
    const moves = { ArrowDown: active + 1, ArrowUp: active - 1, Home: 0, End: rows.length - 1 };
    const to = moves[event.key as keyof typeof moves];
    if (to === undefined) return;
    event.preventDefault();
    isMoving.current = true;
    chosen.value = Math.max(0, Math.min(rows.length - 1, to));
  };
  // A row that was far away is drawn after the list has scrolled.
  const focus = (button: HTMLButtonElement | null, at: number) => {
    if (!button || at !== active || !isMoving.current) return;
    isMoving.current = false;
    button.focus({ preventScroll: true });
  };
  return (
    <div
      ref={scroller}
      class="orn-conversations"
      role="list"
      aria-label={VIEW_STRINGS.conversations}
      style={{ height: `${Math.min(rows.length, 8) * ROW_HEIGHT}px` }}
      onKeyDown={onKeyDown}
    >
      <VirtualList
        items={rows}
        rowHeight={ROW_HEIGHT}
        scroller={scroller}
        focus={active}
        row={(row, at) => (
          <Row
            key={row.id}
            row={row}
            at={at}
            count={rows.length}
            tabIndex={at === active ? 0 : -1}
            openRef={(button) => focus(button, at)}
            onFocus={() => {
              chosen.value = at;
            }}
          />
        )}
      />
    </div>
  );
}

interface RowProps {
  row: ConversationRow;
  at: number;
  count: number;
  tabIndex: number;
  openRef: (button: HTMLButtonElement | null) => void;
  onFocus: () => void;
}

function Row({ row, at, count: of, tabIndex, openRef, onFocus }: RowProps) {
  const panel = usePanel();
  const focusTarget = useFocusTarget();
  const said = useSignal("");
  const isCurrent = panel.traits.history.value.current === row.id;
  const title = row.title || VIEW_STRINGS.untitled;
  const open = async (more: Partial<Extract<Command, { op: "history_open" }>> = {}) => {
    const { problem } = await panel.do({ op: "history_open", conversation: row.id, ...more });
    if (!problem) focusTarget.value = { field: "messages", chat: true };
  };
  const save = async (format: "json" | "markdown") => {
    const ask = { ask: "conversation_file", conversation: row.id, format } as const;
    const { problem, value, buffers } = await panel.kernel.query(ask);
    said.value = problem;
    if (buffers[0]) download((value as ConversationFileReply).name, buffers[0]);
  };
  return (
    <div
      class="orn-conversation"
      role="listitem"
      aria-setsize={of}
      aria-posinset={at + 1}
      aria-current={isCurrent || undefined}
      style={{ height: `${ROW_HEIGHT}px` }}
      onFocusIn={onFocus}
    >
      <button
        ref={openRef}
        type="button"
        class="orn-open"
        title={title}
        tabIndex={tabIndex}
        onClick={() => void open()}
      >
        <span dir="auto">{title}</span>
        <small>{isCurrent ? `${VIEW_STRINGS.isOpen} · ${describe(row)}` : describe(row)}</small>
      </button>
      {said.value && <span class="orn-problem">{said.value}</span>}
      <Menu
        bare
        icon="more"
        tabIndex={tabIndex}
        label={fill(STRINGS.moreAbout, { name: title })}
        items={[
          {
            label: VIEW_STRINGS.fork,
            icon: "branch",
            hint: VIEW_STRINGS.forkHint,
            act: () => void open({ fork: true }),
          },
          {
            label: VIEW_STRINGS.runAgain,
            icon: "go",
            hint: VIEW_STRINGS.runAgainHint,
            act: () => void open({ run: true }),
          },
          { label: VIEW_STRINGS.exportJson, icon: "down", act: () => void save("json") },
          { label: VIEW_STRINGS.exportMarkdown, icon: "down", act: () => void save("markdown") },
          {
            label: STRINGS.delete,
            icon: "remove",
            act: () => void panel.do({ op: "history_delete", conversation: row.id }),
          },
        ]}
      />
    </div>
  );
}

/** The conversation that was deleted last, with a button that restores it. */
function Deleted() {
  const panel = usePanel();
  const { deleted } = panel.traits.history.value;
  if (deleted === null) return null;
  return (
    <>
      <span class="orn-deleted">
        {fill(VIEW_STRINGS.deleted, { name: deleted || VIEW_STRINGS.untitled })}
      </span>
      <Button
        icon="undo"
        label={VIEW_STRINGS.restore}
        onPress={() => void panel.do({ op: "history_restore" })}
      />
    </>
  );
}

function ImportButton() {
  const panel = usePanel();
  const picker = useRef<HTMLInputElement>(null);
  const take = async (file: File) => {
    const { upload, problem } = await panel.uploads.send(file);
    if (problem) panel.problem.value = problem;
    else await panel.do({ op: "history_import", upload });
  };
  return (
    <>
      <Button
        icon="up"
        label={VIEW_STRINGS.takeFile}
        title={VIEW_STRINGS.takeFileHint}
        onPress={() => picker.current?.click()}
      />
      <input
        ref={picker}
        type="file"
        accept=".json,.md,.markdown,.txt"
        hidden
        onChange={({ currentTarget }) => {
          const file = currentTarget.files?.[0];
          if (file) void take(file);
          currentTarget.value = "";
        }}
      />
    </>
  );
}

function describe({ updated, models, messages, tokens_in, tokens_out, cost }: ConversationRow): string {
  const date = new Date(updated * 1000);
  const isToday = date.toDateString() === new Date().toDateString();
  const time = date.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
  return [
    isToday ? time : `${date.toLocaleDateString()} ${time}`,
    models.join(", "),
    plural(VIEW_STRINGS.nMessages, messages),
    tokens_out > 0 && `${count(tokens_in)} → ${count(tokens_out)}`,
    cost !== null && dollars(cost),
  ]
    .filter(Boolean)
    .join(" · ");
}

/** Let the browser save a file. */
function download(name: string, data: DataView): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([data as DataView<ArrayBuffer>]));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
