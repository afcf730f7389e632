import { useEffect, useRef } from "preact/hooks";
import { useCreate, usePanel } from "../context";
import type { Column, ThreadItem } from "../protocol";
import { fill, STRINGS } from "../strings";
import { Button } from "../ui/button";
import { Answer } from "./answer";
import { ItemActions } from "./item-actions";
import { Message } from "./message";

const NEAR_END_PX = 24;

/** The conversation. It follows new text only while it is scrolled to the end. */
export function Thread() {
  const panel = usePanel();
  const scroller = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const { thread, columns } = panel.traits;

  useEffect(() => {
    const box = scroller.current;
    if (!box || !content.current || typeof ResizeObserver === "undefined") return;
    let isAtEnd = true;
    const look = () => {
      isAtEnd = box.scrollHeight - box.scrollTop - box.clientHeight < NEAR_END_PX;
    };
    box.addEventListener("scroll", look, { passive: true });
    const observer = new ResizeObserver(() => {
      if (isAtEnd && !box.matches(":focus-within:not(:focus)")) box.scrollTop = box.scrollHeight;
    });
    observer.observe(content.current);
    return () => {
      observer.disconnect();
      box.removeEventListener("scroll", look);
    };
  }, []);

  const items = thread.value;
  const shown = new Set(items.flatMap(({ id, cards }) => cards.map(({ column }) => `${id} ${column}`)));
  const homeless = columns.value.filter(
    ({ id, run, item, banner }) =>
      (run !== null || banner !== null) &&
      !(item && (shown.has(`${item} ${id}`) || shown.has(`${item} null`))),
  );
  const move = (item: ThreadItem, to: number, event: KeyboardEvent) => {
    event.preventDefault();
    event.stopPropagation();
    if (to >= 0 && to < items.length) void panel.do({ op: "move_message", item: item.id, index: to });
  };
  return (
    <div
      ref={scroller}
      class="orn-thread"
      role="log"
      aria-live="off"
      aria-label={STRINGS.conversation}
      tabIndex={0}
    >
      <div ref={content} class="orn-items">
        {items[0]?.role !== "system" && items[0]?.role !== "developer" && <AddSystem />}
        {items.length === 0 && homeless.length === 0 && <p class="orn-empty">{STRINGS.emptyThread}</p>}
        {items.map((item, index) => (
          <div
            key={item.id}
            class="orn-item"
            onKeyDown={(event) => {
              if (!event.altKey) return;
              if (event.key === "ArrowUp") move(item, index - 1, event);
              if (event.key === "ArrowDown") move(item, index + 1, event);
            }}
          >
            {item.role === "assistant" ? (
              <Answers
                item={item}
                index={index}
                count={items.length}
                others={index === items.length - 1 ? homeless : []}
              />
            ) : (
              <Message item={item} index={index} count={items.length} />
            )}
          </div>
        ))}
        {homeless.length > 0 && items.at(-1)?.role !== "assistant" && (
          <div class="orn-columns">
            <UnplacedAnswers columns={homeless} index={items.length} />
          </div>
        )}
      </div>
    </div>
  );
}

/** A button to add a system message, if there is none. */
function AddSystem() {
  const create = useCreate();
  const add = () => create({ op: "insert_message", index: 0, role: "system", text: "" });
  return (
    <p class="orn-add-system">
      <Button icon="add" label={STRINGS.insertTop} onPress={add} />
    </p>
  );
}

/** Answers without an item in the thread: they failed early, or have just been requested. */
function UnplacedAnswers({ columns, index }: { columns: readonly Column[]; index: number }) {
  return columns.map((column) => (
    <Answer
      key={column.id}
      item={null}
      card={undefined}
      column={column}
      isNewest
      label={labelOf(column.model, index, index + 1)}
    />
  ));
}

interface AnswersProps {
  item: ThreadItem;
  index: number;
  count: number;
  others: readonly Column[];
}

function Answers({ item, index, count, others }: AnswersProps) {
  const columns = usePanel().traits.columns.value;
  const columnOf = (id: string | null): Column | undefined =>
    columns.find((column) => column.id === id) ??
    (id === null ? columns.find((column) => column.item === item.id) : undefined);
  const withCards = item.cards.map((card) => ({ card, column: columnOf(card.column) }));
  const without = others.map((column) => ({ card: undefined, column }));
  // In the order of the models in the header.
  const placeOf = ({ column }: { column: Column | undefined }) => (column ? columns.indexOf(column) : -1);
  const all = [...withCards, ...without].sort((one, other) => placeOf(one) - placeOf(other));
  return (
    <>
      <div class="orn-columns">
        {all.map(({ card, column }) => (
          <Answer
            key={(card ? card.column : column?.id) ?? ""}
            item={card ? item.id : null}
            card={card}
            column={column}
            isNewest={!card || column?.item === item.id}
            label={labelOf(card?.stats?.model ?? column?.model ?? "", index, count)}
          />
        ))}
      </div>
      <div class="orn-item-foot">
        <ItemActions item={item} index={index} count={count} />
      </div>
    </>
  );
}

function labelOf(model: string, index: number, count: number): string {
  return fill(STRINGS.messageLabel, { role: `${STRINGS.roles.assistant}, ${model}`, n: index + 1, m: count });
}
