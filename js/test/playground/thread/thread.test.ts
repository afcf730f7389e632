import { readFileSync } from "node:fs";
import { describe, expect, it, vi } from "vitest";
import type { Banner, Remedy, Traits } from "../../../src/playground/protocol";
import { card, column, FakeKernel, item, snapshot, stats } from "../fake-kernel";
import { drawn, find, mounted, named, press, type } from "../mounted-panel";
import { servePanelViews } from "../panel-views";

const ANSWERING: Partial<Traits> = {
  thread: [
    item("m1", "user", "Hello"),
    { id: "m2", role: "assistant", cards: [card("", { column: "c1", run: "r1" })] },
  ],
  columns: [column("c1", "demo/tour", { status: "running", run: "r1", item: "m2" })],
};

async function thread(traits: Partial<Traits>) {
  const kernel = new FakeKernel(traits);
  const { root, panel, focusTarget } = mounted(kernel);
  await drawn();
  return { kernel, root, panel, focusTarget };
}

const banner = (more: Partial<Banner> = {}): Banner => ({
  kind: "TooManyRequestsError",
  level: "error",
  title: "Too many requests",
  message: "Slow down.",
  meaning: "Wait.",
  remedies: [{ id: "retry", label: "Retry now", help: "", action: "op" }],
  details: "status 429",
  countdown: null,
  user_caused: false,
  ...more,
});

describe("messages", () => {
  it("saves an edited message, and Escape leaves it as it was", async () => {
    const { kernel, root } = await thread({ thread: [item("m1", "user", "Helo")] });
    named(root, "Edit").click();
    await drawn();
    const area = find<HTMLTextAreaElement>(root, ".orn-message textarea");
    expect(document.activeElement).toBe(area);
    press(area, "Escape");
    await drawn();
    expect(root.querySelector(".orn-message textarea")).toBeNull();
    named(root, "Edit").click();
    await drawn();
    type(find(root, ".orn-message textarea"), "Hello");
    named(root, "Save").click();
    await drawn();
    expect(kernel.ops()).toEqual([{ kind: "op", op: "edit_message", item: "m1", text: "Hello" }]);
  });

  it("asks again as a branch with Ctrl+Enter", async () => {
    const { kernel, root } = await thread({ thread: [item("m1", "user", "Helo")] });
    named(root, "Edit").click();
    await drawn();
    const area = find(root, ".orn-message textarea");
    type(area, "Hello");
    press(area, "Enter", { ctrlKey: true });
    await drawn();
    expect(kernel.ops()).toEqual([
      { kind: "op", op: "edit_message", item: "m1", text: "Hello", branch: true },
      { kind: "submit" },
    ]);
  });

  it("moves with buttons and with Alt and an arrow, and stays within the thread", async () => {
    const { kernel, root } = await thread({ thread: [item("a", "user", "A"), item("b", "user", "B")] });
    const [first, second] = [...root.querySelectorAll(".orn-message")];
    named(first as Element, "Move down").click();
    press(second as Element, "ArrowUp", { altKey: true });
    press(second as Element, "ArrowDown", { altKey: true });
    await drawn();
    expect(kernel.ops()).toEqual([
      { kind: "op", op: "move_message", item: "a", index: 1 },
      { kind: "op", op: "move_message", item: "b", index: 0 },
    ]);
    expect(named(first as Element, "Move up").getAttribute("aria-disabled")).toBe("true");
  });

  it("deletes and keeps the focus in the conversation, with Undo in the header", async () => {
    const { kernel, root } = await thread({
      thread: [item("a", "user", "A")],
      undo: { undo: "delete message", redo: "" },
    });
    named(find(root, ".orn-message"), "Delete").click();
    expect(document.activeElement).toBe(find(root, ".orn-thread"));
    named(root, "Undo: delete message").click();
    await drawn();
    expect(kernel.ops().map(({ op }) => op)).toEqual(["delete_message", "undo"]);
  });

  it("shows user messages verbatim, never as markup", async () => {
    const { root } = await thread({
      thread: [item("a", "user", "<img src=x onerror=alert(1)> **not bold**")],
    });
    const text = find(root, ".orn-plain");
    expect(text.textContent).toBe("<img src=x onerror=alert(1)> **not bold**");
    expect(text.children).toHaveLength(0);
  });

  it("walks through alternatives", async () => {
    const { kernel, root } = await thread({
      thread: [item("a", "user", "A", { branch: { index: 1, count: 3 } })],
    });
    expect(root.textContent).toContain("2/3");
    named(root, "Next alternative").click();
    expect(kernel.ops()).toEqual([{ kind: "op", op: "choose_branch", item: "a", step: 1 }]);
  });

  it("is a log that is not read out while it grows", async () => {
    const { root } = await thread(ANSWERING);
    expect(find(root, "[role=log]").getAttribute("aria-live")).toBe("off");
    const answer = find(root, ".orn-answer");
    expect(answer.getAttribute("aria-busy")).toBe("true");
    expect(answer.getAttribute("aria-label")).toBe("assistant, demo/tour, 2 of 2");
    expect(find(root, ".orn-plain").getAttribute("dir")).toBe("auto");
  });
});

describe("an answer", () => {
  it("grows by deltas without rendering settled blocks again, and stays when the thread replaces the run", async () => {
    const { kernel, root } = await thread(ANSWERING);
    let seq = 0;
    const say = async (text: string) => {
      kernel.deliver({ kind: "deltas", deltas: [{ run: "r1", seq: ++seq, phase: "answering", text }] });
      await drawn();
      await new Promise((resolve) => setTimeout(resolve, 150));
    };
    await say("First **block**.\n\n");
    await say("Second.\n\n");
    const first = find(root, ".orn-markdown > p");
    await say("Third.");
    const whole = "First **block**.\n\nSecond.\n\nThird.";
    kernel.deliver({ kind: "deltas", deltas: [{ run: "r1", seq: ++seq, phase: "finished" }] });
    kernel.set({
      thread: [
        item("m1", "user", "Hello"),
        { id: "m2", role: "assistant", cards: [card(whole, { column: "c1", stats: stats() })] },
      ],
      columns: [column("c1", "demo/tour", { status: "finished", item: "m2", stats: stats() })],
    });
    await drawn();
    expect(find(root, ".orn-markdown").textContent).toBe("First block.Second.Third.");
    expect(find(root, ".orn-markdown > p")).toBe(first);
    expect(find(root, "[data-fact=Cost] dd").textContent).toBe("$0.0084");
  });

  it("shows — for unknown values, never a zero", async () => {
    const unknown = stats({
      cost: null,
      first_token_s: null,
      tokens_per_s: null,
      tokens_in: null,
      tokens_out: null,
      provider: "",
    });
    const { root } = await thread({
      thread: [item("m2", "assistant", "Hi", { column: "c1", stats: unknown })],
    });
    const shown = Object.fromEntries(
      [...root.querySelectorAll("[data-fact]")].map((each) => [
        each.getAttribute("data-fact"),
        each.querySelector("dd")?.textContent,
      ]),
    );
    expect(shown).toMatchObject({
      Provider: "—",
      "First token": "—",
      Speed: "—",
      Tokens: "— → —",
      Cost: "—",
    });
  });

  it("opens its reasoning while it reasons, closes it when the answer begins, and then follows the user", async () => {
    const { kernel, root } = await thread(ANSWERING);
    kernel.deliver({
      kind: "deltas",
      deltas: [{ run: "r1", seq: 1, phase: "reasoning", reasoning: "Let me think." }],
    });
    await drawn();
    const fold = () => find<HTMLDetailsElement>(root, "details.orn-reasoning");
    expect(fold().open).toBe(true);
    kernel.deliver({
      kind: "deltas",
      deltas: [{ run: "r1", seq: 2, phase: "answering", text: "Yes", reasoning_s: 3.1 }],
    });
    await drawn();
    expect(fold().open).toBe(false);
    expect(fold().textContent).toMatch(/Reasoned for [\d.]+ s/);
    find(fold(), "summary").click();
    await drawn();
    kernel.deliver({ kind: "deltas", deltas: [{ run: "r1", seq: 3, phase: "answering", text: "." }] });
    await drawn();
    expect(fold().open).toBe(true);
  });

  it("lets a tool be run, edited, answered by hand and refused", async () => {
    const call = { id: "k1", name: "weather", arguments: '{"city":"Rome"}', state: "waiting" as const };
    const { kernel, root } = await thread({
      thread: [item("m2", "assistant", "", { column: "c1", tool_calls: [call] })],
    });
    const at = { item: "m2", column: "c1", call: "k1" };
    const tool = find(root, ".orn-tool");
    expect((tool as HTMLDetailsElement).open).toBe(true);
    named(tool, "Run").click();
    named(tool, "Edit…").click();
    await drawn();
    type(find(tool, "textarea"), '{"city": ');
    await drawn();
    expect((named(tool, "Run with these") as HTMLButtonElement).disabled).toBe(true);
    type(find(tool, "textarea"), '{"city": "Oslo"}');
    await drawn();
    named(tool, "Run with these").click();
    await drawn();
    named(tool, "Result…").click();
    await drawn();
    type(find(tool, "textarea"), "sunny");
    await drawn();
    named(tool, "Send result").click();
    await drawn();
    named(tool, "Refuse").click();
    await drawn();
    find<HTMLButtonElement>(tool, ".orn-stack .orn-primary").click();
    await drawn();
    expect(kernel.ops()).toEqual([
      { kind: "op", op: "tool_run", ...at },
      { kind: "op", op: "tool_run", ...at, arguments: '{"city": "Oslo"}' },
      { kind: "op", op: "tool_result", ...at, text: "sunny" },
      { kind: "op", op: "tool_refuse", ...at },
    ]);
  });

  it("links sources with http, https and mailto only", async () => {
    const citations = [
      { url: "https://example.com/a", title: "Good", about: "example.com" },
      { url: "javascript:alert(1)", title: "Bad", about: "" },
      { url: "data:text/html,x", title: "Worse", about: "" },
      { url: "https://example.com/b", title: "", about: "example.com" },
      { url: "", title: "and 3 more", about: "" },
    ];
    const { root } = await thread({ thread: [item("m2", "assistant", "Hi", { column: "c1", citations })] });
    const notes = [...root.querySelectorAll(".orn-citations li")].map((note) => note.textContent?.trim());
    expect(notes).toEqual(["Good example.com", "Bad", "Worse", "example.com", "and 3 more"]);
    const links = [...root.querySelectorAll<HTMLAnchorElement>(".orn-citations a")];
    expect(links.map((link) => [link.textContent, link.getAttribute("href"), link.rel])).toEqual([
      ["Good", "https://example.com/a", "noopener noreferrer nofollow"],
      ["example.com", "https://example.com/b", "noopener noreferrer nofollow"],
    ]);
  });

  it("renders hostile answers as text, links and blocks only", async () => {
    const payloads = JSON.parse(readFileSync("test/fixtures/payloads.json", "utf8")) as { text: string }[];
    const whole = payloads.map(({ text }) => text).join("\n\n");
    const { kernel, root } = await thread(ANSWERING);
    for (let at = 0, seq = 1; at < whole.length; at += 997, seq++) {
      kernel.deliver({
        kind: "deltas",
        deltas: [
          {
            run: "r1",
            seq,
            phase: "answering",
            reasoning: whole.slice(at, at + 997),
            text: whole.slice(at, at + 997),
          },
        ],
      });
    }
    kernel.deliver({
      kind: "snapshot",
      ...snapshot({ seq: 9999, phase: "finished", text: whole, reasoning: whole }),
    });
    await drawn();
    const answer = find(root, ".orn-answer");
    expect(
      answer.querySelectorAll(
        "script, iframe, img[src^=http], form, object, embed, link, style, svg:not(.orn-icon), base, meta, video, audio",
      ),
    ).toHaveLength(0);
    for (const node of answer.querySelectorAll("*")) {
      for (const { name, value } of node.attributes) {
        expect(name).not.toMatch(/^on|^srcdoc$|^style$/);
        if (name === "href") expect(value).toMatch(/^(https?:|mailto:)/i);
      }
    }
  });
});

describe("an error", () => {
  const failed = (more: Partial<Banner>): Partial<Traits> => ({
    thread: [item("m1", "user", "Hi")],
    columns: [column("c1", "a/a", { status: "failed", banner: banner(more) })],
  });

  it("is an alert with working remedies", async () => {
    const { kernel, root } = await thread(failed({}));
    expect(find(root, ".orn-banner [role=alert]").textContent).toContain("Too many requests");
    named(root, "Retry now").click();
    expect(kernel.ops()).toEqual([{ kind: "op", op: "remedy", column: "c1", remedy: "retry" }]);
  });

  it("focuses its first remedy if the user caused it in this view", async () => {
    const { kernel, root } = await thread({});
    const elsewhere = document.body.appendChild(document.createElement("input"));
    for (const [user_caused, from] of [
      [false, named(root, "Message")],
      [true, named(root, "Message")],
      [true, elsewhere],
    ] as const) {
      from.focus();
      kernel.set(failed({ user_caused }));
      await drawn();
      const goes = user_caused && from !== elsewhere;
      expect(document.activeElement).toBe(goes ? named(root, "Retry now") : from);
      kernel.set({ columns: [column("c1", "a/a")] });
      await drawn();
    }
    elsewhere.remove();
  });

  it("shows a rejected request that is not in the conversation", async () => {
    const remedies: Remedy[] = [{ id: "raw", label: "Show the request", help: "", action: "raw" }];
    const about = { status: "failed", stats: stats(), banner: banner({ remedies }) } as const;
    const { kernel, root } = await thread({ columns: [column("c1", "a/a", about)] });
    await servePanelViews(kernel);
    const request = { temperature: 9 };
    kernel.replies.raw = { request, upstream: [], chunks: [], dropped: 0, headers: {}, timeline: [] };
    named(root, "Show the request").click();
    await drawn();
    expect(find(root, ".orn-pane pre").textContent).toContain('"temperature": 9');
    expect(kernel.sent.at(-1)).toMatchObject({ ask: "raw", item: null, column: "c1" });
  });

  it("focuses the control that it names", async () => {
    const { focusTarget, root } = await thread(
      failed({
        remedies: [
          { id: "focus", label: "Show temperature", help: "", action: "focus", field: "temperature" },
        ],
      }),
    );
    named(root, "Show temperature").click();
    expect(focusTarget.value).toEqual({ field: "temperature" });
  });

  it("focuses the model of its column", async () => {
    const remedies: Remedy[] = [{ id: "m", label: "Pick", help: "", action: "focus", field: "model" }];
    const about = { status: "failed", stats: stats(), banner: banner({ remedies }) } as const;
    const { root, focusTarget } = await thread({
      columns: [column("c1", "a/a"), column("c2", "b/b", about)],
    });
    named(root, "Pick").click();
    await drawn();
    expect(document.activeElement).toBe(named(root, "Model 2"));
    expect(focusTarget.value).toBeUndefined();
  });

  it.each([
    [12_000, "Retries in 0:12"],
    [0, "The wait is over."],
    [90_000_000, "Retries in 1 days"],
    [7_260_000, "Retries in 2 h 1 min"],
  ])("counts %d ms down in digits that are not read out", async (remaining_ms, words) => {
    const { root } = await thread(failed({ countdown: { remaining_ms, auto: true } }));
    const digits = find(root, ".orn-countdown");
    expect(digits.getAttribute("aria-hidden")).toBe("true");
    expect(digits.closest("[role=alert]")).toBeNull();
    expect(digits.textContent).toBe(words);
  });

  it.each([null, { remaining_ms: Number.NaN, auto: true }])(
    "shows no clock where no time is known (%o)",
    async (countdown) => {
      const { root } = await thread(failed({ countdown }));
      expect(root.querySelector(".orn-countdown")).toBeNull();
      expect(root.textContent).not.toContain("NaN");
    },
  );

  it("ticks each second and announces the start, ten seconds and the end", async () => {
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval", "performance"] });
    try {
      const { root, panel } = await thread(failed({ countdown: { remaining_ms: 12_000, auto: true } }));
      const said: string[] = [];
      panel.announcement.subscribe((text) => said.push(text));
      for (let second = 0; second < 13; second++) {
        vi.advanceTimersByTime(1000);
        await drawn();
      }
      expect(find(root, ".orn-countdown").textContent).toBe("The wait is over.");
      expect(said).toEqual(["Retries in 0:12", "Retries in 0:10", "The wait is over."]);
    } finally {
      vi.useRealTimers();
    }
  });

  it("of one column does not affect the others", async () => {
    const { root } = await thread({
      thread: [
        item("m1", "user", "Hi"),
        {
          id: "m2",
          role: "assistant",
          cards: [card("Fine.", { column: "c1", stats: stats() }), card("", { column: "c2" })],
        },
      ],
      columns: [
        column("c1", "a/a", { item: "m2", status: "finished" }),
        column("c2", "b/b", { item: "m2", status: "failed", banner: banner() }),
      ],
    });
    const [good, bad] = [...root.querySelectorAll(".orn-answer")];
    expect(good?.querySelector(".orn-banner")).toBeNull();
    expect(good?.textContent).toContain("Fine.");
    expect(bad?.querySelector(".orn-banner")).not.toBeNull();
  });
});
