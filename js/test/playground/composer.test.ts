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
      expect(submits()).toEqual([{ kind: "submit", text: "Why is the sky blue?" }]);
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
    expect(submits()).toEqual([{ kind: "submit" }]);
  });

  it("takes the kernel's text over when that came from elsewhere, and not what it wrote itself", async () => {
    const { kernel, field } = await composer();
    type(field, "mine");
    kernel.set({ draft: { text: "stale", role: "user", attachments: [], rev: 0 } });
    await drawn();
    expect(field.value).toBe("mine");
    kernel.set({ draft: { text: "from Python", role: "user", attachments: [], rev: 1 } });
    await drawn();
    expect(field.value).toBe("from Python");
  });

  it("attaches what is pasted and dropped, as bytes", async () => {
    const { kernel, field, root } = await composer();
    const file = new File([new Uint8Array([1, 2, 3])], "cat.png", { type: "image/png" });
    const paste = new Event("paste", { bubbles: true, cancelable: true });
    Object.assign(paste, { clipboardData: { files: [file], getData: () => "" } });
    field.dispatchEvent(paste);
    const drop = new Event("drop", { bubbles: true, cancelable: true });
    Object.assign(drop, { dataTransfer: { files: [file], types: ["Files"] } });
    find(root, "form").dispatchEvent(drop);
    await drawn();
    const attached = kernel.sent.flatMap((message, at) =>
      message.op === "attach" ? [[message, kernel.buffers[at]]] : [],
    );
    expect(attached).toHaveLength(2);
    const [message, buffers] = attached[0] as [Record<string, unknown>, ArrayBuffer[]];
    expect(message).toMatchObject({ item: null, name: "cat.png", media_type: "image/png" });
    expect([...new Uint8Array(buffers[0] as ArrayBuffer)]).toEqual([1, 2, 3]);
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
