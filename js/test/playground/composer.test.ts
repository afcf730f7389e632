import { describe, expect, it } from "vitest";
import { column, FakeKernel, item } from "./fake-kernel";
import { drawn, find, mounted, named, press, type } from "./mounted-panel";

async function composer(traits: ConstructorParameters<typeof FakeKernel>[0] = {}) {
  const kernel = new FakeKernel(traits);
  const { root } = mounted(kernel);
  await drawn();
  const field = find<HTMLTextAreaElement>(root, ".orn-input");
  return { kernel, root, field, submits: () => kernel.ops().filter(({ kind }) => kind === "submit") };
}

describe("the composer", () => {
  it.each([{ ctrlKey: true }, { metaKey: true }])(
    "sends with Enter and %o, and is empty and focused then",
    async (modifier) => {
      const { field, submits } = await composer();
      field.focus();
      type(field, "Why is the sky blue?");
      press(field, "Enter", modifier);
      await drawn();
      expect(submits()).toEqual([{ kind: "submit", text: "Why is the sky blue?", role: "user" }]);
      expect(field.value).toBe("");
      expect(document.activeElement).toBe(field);
    },
  );

  it("inserts a line with Enter, and ignores Shift+Enter", async () => {
    const { field, submits } = await composer();
    type(field, "One");
    expect(press(field, "Enter").defaultPrevented).toBe(false);
    let heard = 0;
    document.addEventListener(
      "keydown",
      () => {
        heard++;
      },
      { once: true },
    );
    expect(press(field, "Enter", { shiftKey: true }).defaultPrevented).toBe(true);
    press(field, "Enter", { shiftKey: true, ctrlKey: true });
    await drawn();
    expect(submits()).toEqual([]);
    expect(heard).toBe(0);
  });

  it.each(["isComposing", "keyCode 229", "composition events"])(
    "does not send while an input method writes (%s)",
    async (how) => {
      const { field, submits } = await composer();
      type(field, "日本");
      if (how === "composition events") field.dispatchEvent(new Event("compositionstart", { bubbles: true }));
      const more: KeyboardEventInit =
        how === "isComposing" ? { isComposing: true } : how === "keyCode 229" ? { keyCode: 229 } : {};
      press(field, "Enter", { ctrlKey: true, ...more });
      expect(submits()).toEqual([]);
      if (how === "composition events") field.dispatchEvent(new Event("compositionend", { bubbles: true }));
      press(field, "Enter", { ctrlKey: true });
      expect(submits()).toHaveLength(1);
    },
  );

  it("is disabled with the kernel's reason, which is read out with the field", async () => {
    const { field, root, submits } = await composer({ blocked: "temperature takes 0 to 2, not 7." });
    type(field, "Hi");
    press(field, "Enter", { ctrlKey: true });
    expect(submits()).toEqual([]);
    expect((named(root, "Send") as HTMLButtonElement).disabled).toBe(true);
    expect(document.getElementById(field.getAttribute("aria-describedby") ?? "")?.textContent).toContain(
      "not 7",
    );
  });

  it("keeps the text when the kernel refuses it", async () => {
    const { kernel, field, root } = await composer();
    kernel.problems.submit = "The thread ends with a tool call.";
    type(field, "Hello");
    press(field, "Enter", { ctrlKey: true });
    await drawn();
    expect(field.value).toBe("Hello");
    expect(find(root, "[role=alert]").textContent).toContain("ends with a tool call");
  });

  it("stops with the button and with Escape", async () => {
    const { kernel, root, field } = await composer({
      columns: [column("c1", "a/a", { status: "running", run: "r1" })],
    });
    press(field, "Escape");
    await drawn();
    // It keeps the focus, and further presses send nothing.
    const button = named(root, "stopping…");
    expect(button.getAttribute("aria-disabled")).toBe("true");
    button.click();
    expect(kernel.ops()).toEqual([{ kind: "stop" }]);
  });

  it("sends the thread as it is when nothing is written", async () => {
    const { root, submits } = await composer();
    named(root, "Send").click();
    expect(submits()).toEqual([{ kind: "submit", text: "", role: "user" }]);
  });

  it("adopts the draft of another page, and not its own", async () => {
    const { kernel, root, field } = await composer();
    const draft = { role: "user", attachments: [] } as const;
    type(field, "mine");
    kernel.set({ draft: { ...draft, text: "other", rev: 1, by: 7 } });
    await drawn();
    expect(field.value).toBe("mine"); // it is newer, and is about to be written
    field.dispatchEvent(new Event("blur"));
    expect(kernel.ops().at(-1)).toEqual({ kind: "op", op: "set_draft", text: "mine", role: "user" });
    const own = kernel.lastId;
    type(field, "mine, longer");
    field.dispatchEvent(new Event("blur"));
    kernel.set({ draft: { ...draft, text: "mine", rev: 2, by: own } });
    await drawn();
    expect(field.value).toBe("mine, longer");
    kernel.set({ draft: { ...draft, text: "other", role: "system", rev: 3, by: 7 } });
    await drawn();
    expect(field.value).toBe("other");
    expect((named(root, "Role of the message") as HTMLSelectElement).value).toBe("system");
  });

  it("keeps what is typed while a message is on its way, and puts a refused message before it", async () => {
    const { kernel, field } = await composer();
    kernel.answers = false;
    for (const problem of ["", "The thread ends with a tool call."]) {
      type(field, "First");
      press(field, "Enter", { ctrlKey: true });
      await drawn();
      const sent = kernel.lastId;
      type(field, "Next");
      if (!problem)
        kernel.set({ draft: { text: "", role: "user", attachments: [], rev: kernel.lastId, by: sent } });
      kernel.ack(sent, problem);
      await drawn();
      expect(field.value).toBe(problem ? "First\nNext" : "Next");
    }
  });

  it("sends a file in pieces before the message", async () => {
    const { kernel, field, root, submits } = await composer();
    kernel.answers = false;
    const acknowledge = async () => {
      kernel.ack(kernel.lastId);
      await drawn();
    };
    const bytes = new Uint8Array(2.5 * 2 ** 20).map((_, at) => at % 251);
    const drop = new Event("drop", { bubbles: true, cancelable: true });
    Object.assign(drop, { dataTransfer: { files: [new File([bytes], "big.bin")], types: ["Files"] } });
    find(root, "form").dispatchEvent(drop);
    await drawn();
    type(field, "Summarize");
    press(field, "Enter", { ctrlKey: true });
    await drawn();
    expect(find(root, ".orn-estimate").textContent).toBe("Attaching big.bin: 0 %");
    for (let piece = 0; piece < 3; piece++) {
      expect(submits()).toEqual([]);
      await acknowledge();
    }
    const uploads = kernel.sent.filter(({ op }) => op === "upload");
    expect(uploads.map(({ at }) => at)).toEqual([0, 2 ** 20, 2 ** 21]);
    const sent = kernel.buffers.flat().map((buffer) => new Uint8Array(buffer as ArrayBuffer));
    expect(Math.max(...sent.map(({ length }) => length))).toBe(2 ** 20);
    expect(Buffer.compare(Buffer.concat(sent), Buffer.from(bytes))).toBe(0);
    expect(kernel.sent.at(-1)).toMatchObject({ op: "attach", name: "big.bin", upload: uploads[0]?.upload });
    await acknowledge();
    expect(submits()).toEqual([{ kind: "submit", text: "Summarize", role: "user" }]);
  });

  it("does not send a message whose file was refused", async () => {
    const { kernel, field, root, submits } = await composer();
    kernel.problems.upload = "A part of the file was lost. Attach it again.";
    const drop = new Event("drop", { bubbles: true, cancelable: true });
    Object.assign(drop, { dataTransfer: { files: [new File(["text"], "a.txt")], types: ["Files"] } });
    find(root, "form").dispatchEvent(drop);
    type(field, "Summarize");
    press(field, "Enter", { ctrlKey: true });
    await drawn();
    expect(submits()).toEqual([]);
    expect(field.value).toBe("Summarize");
    expect(find(root, "[role=alert]").textContent).toContain("a.txt: A part of the file was lost.");
  });

  it("attaches what is pasted and dropped", async () => {
    const { kernel, field, root } = await composer();
    const file = new File([new Uint8Array([1, 2, 3])], "cat.png", { type: "image/png" });
    const paste = new Event("paste", { bubbles: true, cancelable: true });
    Object.assign(paste, { clipboardData: { files: [file], getData: () => "" } });
    field.dispatchEvent(paste);
    const drop = new Event("drop", { bubbles: true, cancelable: true });
    Object.assign(drop, { dataTransfer: { files: [file], types: ["Files"] } });
    find(root, "form").dispatchEvent(drop);
    await drawn();
    const attached = kernel.ops().filter(({ op }) => op === "attach");
    expect(attached.map(({ item, name }) => [item, name])).toEqual([
      [null, "cat.png"],
      [null, "cat.png"],
    ]);
    expect(new Set(attached.map(({ upload }) => upload)).size).toBe(2);
    expect(paste.defaultPrevented && drop.defaultPrevented).toBe(true);
  });

  it.each([
    ["a table of Excel", "a\tb", "<table><td>a<td>b</table>", "image.png", true],
    ["text of an application without plain text", "", "<p>Text</p>", "image.png", true],
    ["an image of a page", "", "<meta charset='utf-8'><img src='https://a/b.png'>", "image.png", false],
    ["files of Finder", "cat.png\rdog.png", "", "dog.png", false],
    ["a picture", "", "", "image.png", false],
  ])("pastes text beside a picture as text: %s", async (_what, plain, html, name, isText) => {
    const { kernel, root, field } = await composer({ thread: [item("m1", "user", "Hi")] });
    named(root, "Edit").click();
    await drawn();
    const files = [new File([new Uint8Array([1])], "cat.png"), new File([new Uint8Array([1])], name)];
    for (const area of [field, find(root, "[data-item=m1] textarea")]) {
      const paste = new Event("paste", { bubbles: true, cancelable: true });
      const getData = (type: string) => ({ "text/plain": plain, "text/html": html })[type] ?? "";
      Object.assign(paste, { clipboardData: { files, getData } });
      area.dispatchEvent(paste);
      expect(paste.defaultPrevented).toBe(!isText);
    }
    await drawn();
    expect(kernel.ops().filter(({ op }) => op === "attach")).toHaveLength(isText ? 0 : 4);
  });

  it("shows a dash and no price where none is known", async () => {
    const { root } = await composer({
      estimate: { tokens_in: 1240, tokens_exact: false, cost_low: null, cost_high: null },
    });
    expect(find(root, ".orn-estimate").textContent).toBe("~1,240 tok in");
  });
});
