import type { InitializeProps, RenderProps } from "@anywidget/types";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import liveAnswer from "../../../src/live";
import { delta, snapshot } from "../../fixtures/messages";
import { FakeModel } from "../fake-model";

const opened: (() => void)[] = [];

function start(first: unknown = snapshot()) {
  const model = new FakeModel(first);
  const widget = liveAnswer();
  const dispose = widget.initialize({ model: model.proxy } as InitializeProps);
  return {
    model,
    dispose,
    view(signal?: AbortSignal) {
      const el = document.createElement("div");
      document.body.append(el);
      const close = widget.render({
        model: model.proxy,
        el,
        ...(signal && { signal }),
      } as unknown as RenderProps);
      opened.push(close);
      const find = (selector: string) => el.querySelector<HTMLElement>(selector) as HTMLElement;
      return { el, find, close, text: () => find(".orn-body").textContent };
    },
  };
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

describe("live view", () => {
  it("shows status from the first paint", () => {
    const { find } = start().view();
    expect(find(".orn-live").dataset.phase).toBe("connecting");
    expect(find(".orn-model").textContent).toBe("a/model");
    expect(find(".orn-phase").textContent).toBe("connecting…");
    expect(find(".orn-elapsed").textContent).toBe("0 s");
    expect(find(".orn-reasoning").hidden).toBe(true);
  });

  it("keeps keys from the notebook, which looks at what has the focus first", () => {
    const { find } = start().view();
    const stop = find("button");
    stop.focus();
    expect(document.activeElement).toBe(stop);
    expect(stop.hasAttribute("data-lm-suppress-shortcuts")).toBe(true);
  });

  it("sends ready once per model, for any number of views", () => {
    const { model, view } = start();
    view();
    view();
    expect(model.sent.filter((kind) => kind === "ready")).toHaveLength(1);
  });

  it("shows the first characters in the next frame and the rest with time", () => {
    const { model, view } = start();
    const { text } = view();
    model.deliver(delta(1, { phase: "answering", text: "Hello there, reader" }));
    vi.advanceTimersToNextFrame();
    const first = text()?.length ?? 0;
    expect(first).toBeGreaterThan(0);
    expect(first).toBeLessThan(19);
    vi.advanceTimersByTime(400);
    expect(text()).toBe("Hello there, reader");
  });

  it("shows everything at once with the final phase", () => {
    const { model, view } = start();
    const { text, find } = view();
    model.deliver(delta(1, { phase: "answering", text: "Hello **there" }));
    model.deliver(delta(2, { phase: "finished", text: "** reader", note: "12 → 40 tokens" }));
    expect(text()).toBe("Hello there reader");
    expect(find(".orn-note").textContent).toBe("12 → 40 tokens");
    expect(find(".orn-stop").hidden).toBe(true);
  });

  it("does not play a long backlog, and shows what a late view missed at once", () => {
    const { model, view } = start();
    const { text } = view();
    const long = "word ".repeat(1000).trim();
    model.deliver(delta(1, { phase: "answering", text: long }));
    vi.advanceTimersToNextFrame();
    expect(text()).toBe(long);
    const late = view();
    vi.advanceTimersToNextFrame();
    expect(late.text()).toBe(long);
  });

  it("ticks seconds until the answer is final", () => {
    const { model, view } = start(snapshot({ elapsed_ms: 2200 }));
    const { find } = view();
    vi.advanceTimersByTime(3000);
    expect(find(".orn-elapsed").textContent).toBe("5 s");
    model.deliver(delta(1, { phase: "failed", note: "No credit." }));
    expect(find(".orn-elapsed").textContent).toBe("5.2 s");
    expect(vi.getTimerCount()).toBe(0);
  });

  it("sends stop once and shows it in all views", () => {
    const { model, view } = start();
    const [one, two] = [view(), view()];
    one.find(".orn-stop").click();
    two.find(".orn-stop").click();
    expect(model.sent).toEqual(["ready", "shown", "shown", "stop"]);
    for (const { find } of [one, two]) {
      expect(find(".orn-stop")).toMatchObject({ disabled: true, textContent: "stopping…" });
    }
    expect(one.find(".orn-stop").ariaLabel).toBeTruthy();
  });

  it("asks for a resync once and recovers from the trait", () => {
    const { model, view } = start();
    const { text } = view();
    model.deliver(delta(2, { text: "b" }));
    model.deliver(delta(3, { text: "c" }));
    expect(model.sent).toEqual(["ready", "shown", "resync"]);
    model.change(snapshot({ seq: 3, phase: "finished", text: "abc" }));
    expect(text()).toBe("abc");
  });

  it("tells the kernel when a view is shown and when the last one is removed", () => {
    const { model, view } = start();
    const controller = new AbortController();
    const [one, two] = [view(), view(controller.signal)];
    one.close();
    expect(model.sent).toEqual(["ready", "shown", "shown"]);
    controller.abort();
    two.close();
    expect(model.sent).toEqual(["ready", "shown", "shown", "cleared"]);
    expect(document.querySelector(".orn-live")).toBeNull();
  });

  it.each(["cleared", "hidden"])("tells a cleared output from a deleted cell: %s", async (kind) => {
    const { model, view } = start();
    const { el, close } = view();
    const cell = document.createElement("div");
    cell.className = "jp-Cell";
    document.body.append(cell);
    cell.append(el);
    await new Promise((attached) => setTimeout(attached));
    if (kind === "hidden") cell.remove();
    close();
    expect(model.sent).toEqual(["ready", "shown", kind]);
  });

  it("tells a view that is removed after the end of the answer from one that shows what is still arriving", () => {
    const { model, view } = start();
    const { close } = view();
    model.deliver(delta(1, { phase: "finished" }));
    close();
    expect(model.sent).toEqual(["ready", "shown", "closed"]);
  });

  it("ends with its text, without Stop and without a clock, when the kernel is lost", () => {
    const { model, view } = start(snapshot({ phase: "answering", text: "One" }));
    const { find, text } = view();
    vi.advanceTimersByTime(1000);
    model.lose();
    expect(find(".orn-live").dataset.phase).toBe("interrupted");
    expect(find(".orn-note").textContent).toContain("The kernel was restarted, was shut down or died");
    expect(find(".orn-stop").hidden).toBe(true);
    expect(text()).toBe("One");
    expect(vi.getTimerCount()).toBe(0);
  });

  it("asks for the state after a silence of 10 s, until the answer has ended", () => {
    const { model, view } = start(snapshot({ phase: "answering", text: "One" }));
    view();
    vi.advanceTimersByTime(9_000);
    model.deliver(delta(1, { text: " two" }));
    vi.advanceTimersByTime(10_000);
    expect(model.sent).toEqual(["ready", "shown"]);
    vi.advanceTimersByTime(1_000);
    expect(model.sent).toEqual(["ready", "shown", "resync"]);
    model.change(snapshot({ seq: 3, phase: "stopped", text: "One two" }));
    vi.advanceTimersByTime(100_000);
    expect(model.sent).toHaveLength(3);
  });

  it("sends Stop again with the same id until the kernel replies or the answer has ended", () => {
    for (const end of [
      (model: FakeModel) => model.reply(model.ids[2]),
      (model: FakeModel) => model.deliver(delta(1, { phase: "stopped" })),
    ]) {
      const { model, view } = start();
      view().find(".orn-stop").click();
      vi.advanceTimersByTime(4_500);
      expect(model.sent).toEqual(["ready", "shown", "stop"]);
      vi.advanceTimersByTime(1_000);
      expect(model.sent).toEqual(["ready", "shown", "stop", "stop"]);
      expect(model.ids[3]).toBe(model.ids[2]);
      end(model);
      vi.advanceTimersByTime(100_000);
      expect(model.sent.filter((kind) => kind === "stop")).toHaveLength(2);
    }
  });

  it("ends when the kernel was shut down, which only a message shows", () => {
    const { model, view } = start(snapshot({ phase: "answering", text: "One" }));
    const { find, text } = view();
    model.isShutDown = true;
    vi.advanceTimersByTime(20_000);
    expect(find(".orn-live").dataset.phase).toBe("interrupted");
    expect(text()).toBe("One");
    expect(vi.getTimerCount()).toBe(0);
  });

  it("keeps the end of an answer when the kernel is lost later", () => {
    const { model, view } = start();
    const { find } = view();
    model.deliver(delta(1, { phase: "finished", note: "done" }));
    model.lose();
    expect(find(".orn-note").textContent).toBe("done");
  });

  it("closes the reasoning when the answer begins", () => {
    const { model, view } = start();
    const { find } = view();
    const fold = find(".orn-reasoning") as HTMLDetailsElement;
    model.deliver(delta(1, { phase: "reasoning", reasoning: "Let me **think**" }));
    expect([fold.hidden, fold.open]).toEqual([false, true]);
    model.deliver(delta(2, { phase: "answering", text: "So" }));
    expect(fold.open).toBe(false);
    vi.advanceTimersByTime(500);
    expect(fold.querySelector("strong")?.textContent).toBe("think");
  });

  it("leaves the reasoning open if the cell requests it", () => {
    const { model, view } = start(snapshot({ keeps_reasoning: true }));
    const fold = view().find(".orn-reasoning") as HTMLDetailsElement;
    model.deliver(delta(1, { phase: "reasoning", reasoning: "Hm" }));
    model.deliver(delta(2, { phase: "answering", text: "Yes" }));
    expect(fold.open).toBe(true);
  });

  it("leaves the reasoning as the user has set it", () => {
    const { model, view } = start();
    const fold = view().find(".orn-reasoning") as HTMLDetailsElement;
    model.deliver(delta(1, { phase: "reasoning", reasoning: "Hm" }));
    fold.querySelector("summary")?.click();
    const chosen = fold.open;
    model.deliver(delta(2, { phase: "answering", text: "So" }));
    expect(fold.open).toBe(chosen);
  });

  it("does not change a selected paragraph until the end", () => {
    const { model, view } = start();
    const { text } = view();
    model.deliver(delta(1, { phase: "answering", text: "Hello" }));
    vi.advanceTimersByTime(300);
    const selection = { isCollapsed: false, containsNode: () => true } as unknown as Selection;
    const selected = vi.spyOn(document, "getSelection").mockReturnValue(selection);
    model.deliver(delta(2, { text: " there" }));
    vi.advanceTimersByTime(300);
    expect(text()).toBe("Hello");
    selected.mockReturnValue(null);
    vi.advanceTimersByTime(300);
    expect(text()).toBe("Hello there");
    selected.mockRestore();
  });

  it("announces the beginning and the end, and never the text", () => {
    const { model, view } = start();
    const { el, find } = view();
    expect(find("[role=status]").textContent).toBe("Generating");
    model.deliver(delta(1, { phase: "answering", text: "x" }));
    expect(find("[role=status]").textContent).toBe("Generating");
    model.deliver(delta(2, { phase: "finished" }));
    expect(find("[role=status]").textContent).toBe("Response complete");
    expect(el.querySelectorAll("[aria-live], [role=status], [role=log]")).toHaveLength(1);
  });

  it("adds its style once", () => {
    const { view } = start();
    view();
    view();
    expect(document.head.querySelectorAll("#openrouter-nb-live-style")).toHaveLength(1);
  });

  it("stops listening when the model is closed", () => {
    const { model, view, dispose } = start();
    const { text } = view();
    dispose();
    model.deliver(delta(1, { phase: "finished", text: "x" }));
    expect(text()).toBe("");
  });

  it("survives invalid messages and a disconnected kernel", () => {
    const { model, view } = start({});
    const { find } = view();
    for (const message of [null, 1, "x", {}, { kind: "deltas" }, { kind: "snapshot", v: 3 }])
      model.deliver(message);
    model.sent.push = () => {
      throw new Error("comm is closed");
    };
    expect(() => find(".orn-stop").click()).not.toThrow();
  });
});
