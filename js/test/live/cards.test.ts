import type { InitializeProps, RenderProps } from "@anywidget/types";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import liveAnswer from "../../src/live";
import { AnswerStore } from "../../src/live/answer-store";
import { digits } from "../../src/live/view/countdown";
import { delta, snapshot } from "../fixtures/messages";
import { FakeModel } from "./fake-model";

const opened: (() => void)[] = [];

const TOOL = { id: "call-1", kind: "tool", title: "add", body: '{"a": 1}', status: "waiting for you" };
const ASKS = {
  ...TOOL,
  actions: [
    { id: "run", label: "Run" },
    { id: "edit", label: "Run with these", takes_text: true },
  ],
  editable: '{"a": 1}',
};
const WAIT = { id: "wait", kind: "wait", title: "Too many requests", status: "trying again" };

function start(first = snapshot()) {
  const model = new FakeModel(first);
  const widget = liveAnswer();
  widget.initialize({ model: model.proxy } as InitializeProps);
  const el = document.createElement("div");
  document.body.append(el);
  opened.push(widget.render({ model: model.proxy, el } as unknown as RenderProps));
  const find = <T extends HTMLElement>(selector: string) => el.querySelector(selector) as T;
  const texts = (selector: string) => [...el.querySelectorAll(selector)].map((node) => node.textContent);
  let seq = first.seq;
  const cards = (...changed: unknown[]) => model.deliver(delta(++seq, { cards: changed }));
  const say = (text: string, more = {}) => model.deliver(delta(++seq, { phase: "answering", text, ...more }));
  return { model, el, find, texts, cards, say };
}

beforeEach(() => {
  vi.useFakeTimers({
    toFake: ["requestAnimationFrame", "cancelAnimationFrame", "setInterval", "clearInterval", "performance"],
  });
});

afterEach(() => {
  for (const close of opened.splice(0)) close();
  vi.useRealTimers();
  document.body.replaceChildren();
});

describe("cards", () => {
  it("are at their position in the text, and waits below the text", () => {
    const { el, say, cards } = start();
    say("Before.");
    cards(WAIT, { ...TOOL, at: 7 });
    say("\n\nAfter.", { phase: "finished" });
    expect([...(el.querySelector(".orn-body")?.children ?? [])].map((node) => node.textContent)).toEqual([
      "Before.",
      'addwaiting for you{"a": 1}',
      "After.",
      "Too many requeststrying again",
    ]);
  });

  it("are replaced by id and keep their position", () => {
    const { texts, cards } = start();
    cards(TOOL, { ...TOOL, id: "call-2", title: "mul" });
    cards({ ...TOOL, status: "done" });
    expect(texts(".orn-card-title")).toEqual(["add", "mul"]);
    expect(texts(".orn-card-status")).toEqual(["done", "waiting for you"]);
    cards({ id: "call-1", gone: true });
    expect(texts(".orn-card-title")).toEqual(["mul"]);
  });

  it("are plain text", () => {
    const { el, cards } = start();
    const evil = "<img src=x onerror=alert(1)> **bold** [x](javascript:1)";
    cards({ ...ASKS, title: evil, body: evil, status: evil, actions: [{ id: "x", label: evil }] });
    expect(el.querySelector("img, strong, a, script")).toBeNull();
    expect(el.querySelector(".orn-card-body")?.textContent).toBe(evil);
    expect(el.querySelector(".orn-button")?.textContent).toBe(evil);
  });

  it("send the press of a button once, with the field's text where the button takes it", () => {
    const { model, el, find, cards } = start();
    cards(ASKS);
    const [run, edit] = el.querySelectorAll<HTMLButtonElement>(".orn-button");
    find<HTMLTextAreaElement>(".orn-card-field").value = '{"a": 2}';
    edit?.click();
    run?.click();
    expect(model.acts).toEqual([{ card: "call-1", action: "edit", value: '{"a": 2}' }]);
    expect([run?.disabled, edit?.disabled]).toEqual([true, true]);
    cards({ ...ASKS, id: "call-2" });
    [...el.querySelectorAll<HTMLButtonElement>(".orn-button")].find(({ disabled }) => !disabled)?.click();
    expect(model.acts[1]).toEqual({ card: "call-2", action: "run" });
  });

  it("send the last press again with the same id until the kernel replies", () => {
    const { model, el, find, cards } = start();
    cards(ASKS, { ...ASKS, id: "call-2" });
    const presses = () => model.ids.filter((_, index) => model.sent[index] === "action");
    find<HTMLButtonElement>(".orn-button").click();
    cards(ASKS);
    find<HTMLButtonElement>(".orn-button + .orn-button").click();
    [...el.querySelectorAll<HTMLButtonElement>(".orn-button")].at(-1)?.click();
    const [, last, other] = presses();
    vi.advanceTimersByTime(5_500);
    expect(presses().slice(3)).toEqual([last, other]);
    expect(model.acts.slice(3)).toEqual(model.acts.slice(1, 3));
    model.reply(last);
    vi.advanceTimersByTime(10_000);
    expect(presses().slice(5)).toEqual([other]);
    model.reply(other);
    vi.advanceTimersByTime(100_000);
    expect(presses()).toHaveLength(6);
  });

  it("keep the focus when the buttons change", () => {
    const { find, cards } = start();
    const { editable: _, ...choose } = ASKS;
    cards(choose);
    find<HTMLButtonElement>(".orn-button").focus();
    find<HTMLButtonElement>(".orn-button").click();
    expect(document.activeElement).toBe(find(".orn-card"));
    cards(ASKS);
    expect(document.activeElement).toBe(find(".orn-card-field"));
    find<HTMLButtonElement>(".orn-button").focus();
    find<HTMLButtonElement>(".orn-button").click();
    cards({ ...TOOL, status: "running" });
    expect(document.activeElement).toBe(find(".orn-card"));
    cards({ ...choose, id: "call-2" });
    expect(document.activeElement).toBe(find(".orn-card"));
  });

  it("keep typed text until the kernel changes the field", () => {
    const { find, cards } = start();
    cards(ASKS);
    const field = find<HTMLTextAreaElement>(".orn-card-field");
    field.value = "typed";
    cards({ ...ASKS, status: "still waiting" });
    expect(field.value).toBe("typed");
    cards({ ...ASKS, editable: "new" });
    expect(field.value).toBe("new");
  });

  it("ignore presses after the answer has ended", () => {
    const { model, el, cards } = start();
    cards({ ...ASKS, wait_ms: 5000 });
    model.deliver(delta(2, { phase: "stopped" }));
    expect(el.querySelectorAll(".orn-button")).toHaveLength(0);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("come with a snapshot", () => {
    const { texts } = start(snapshot({ cards: [ASKS] as never, text: "x" }));
    expect(texts(".orn-button")).toEqual(["Run", "Run with these"]);
  });

  it("show an image in the answer, and no remote image", () => {
    const { el, find, cards } = start();
    const picture = "data:image/png;base64,AAAA";
    cards({ id: "a", kind: "media", title: "Image 1", body: picture });
    expect(find<HTMLImageElement>(".orn-card img").src).toBe(picture);
    for (const body of ["https://evil.example/x.png", "data:image/svg+xml;base64,AAAA", "javascript:1"]) {
      cards({ id: "a", kind: "media", title: "Image 1", body });
      expect(el.querySelector("img")).toBeNull();
      expect(find(".orn-card-body").textContent).toBe(body);
    }
  });

  it("that are invalid are ignored", () => {
    const store = new AnswerStore();
    for (const cards of [
      null,
      1,
      "x",
      {},
      [null, 1, [], {}, { id: 1 }, { id: "a" }, { ...TOOL, kind: "dance" }],
    ])
      store.receive(delta(store.state.seq + 1, { cards }));
    expect(store.state.cards).toEqual([]);
    store.receive(
      delta(store.state.seq + 1, { cards: [{ ...TOOL, actions: [1, {}], at: -1, editable: 5 }] }),
    );
    expect(store.state.cards[0]).toMatchObject({ title: "add", actions: [], at: 0, editable: undefined });
  });
});

describe("countdown", () => {
  it("runs down to zero and stops", () => {
    const { find, cards } = start();
    cards({ ...WAIT, wait_ms: 12_000 });
    const countdown = find(".orn-countdown");
    expect(countdown.textContent).toBe("12 s");
    expect((countdown as HTMLElement).ariaHidden).toBe("true");
    vi.advanceTimersByTime(5000);
    expect(countdown.textContent).toBe("7 s");
    vi.advanceTimersByTime(60_000);
    expect(countdown.textContent).toBe("0 s");
  });

  it("is announced at the start, ten seconds before the end and at the end", () => {
    const { find, cards } = start();
    const said: (string | null)[] = [];
    const look = () => {
      const text = find("[role=status]").textContent;
      if (text !== said.at(-1)) said.push(text);
    };
    look();
    cards({ ...WAIT, wait_ms: 60_000 });
    for (let second = 0; second < 70; second++) {
      look();
      vi.advanceTimersByTime(1000);
    }
    expect(said).toEqual([
      "Generating",
      "Too many requests: trying again in 60 seconds",
      "Too many requests: trying again in 10 seconds",
      "Too many requests: trying again now",
    ]);
  });

  it.each([undefined, null, Number.NaN, Number.POSITIVE_INFINITY, -5, "12", {}])(
    "is not there for %s",
    (wait) => {
      const { el, find, cards } = start();
      cards({ ...WAIT, wait_ms: wait });
      expect(find(".orn-countdown").hidden).toBe(true);
      expect(el.textContent).not.toMatch(/NaN|Infinity/);
    },
  );

  it.each([
    [0, "0 s"],
    [59, "59 s"],
    [60, "1:00"],
    [125, "2:05"],
    [86_400, "24:00:00"],
  ])("shows %s seconds as %s", (seconds, shown) => {
    expect(digits(seconds)).toBe(shown);
  });
});
