import { afterEach, describe, expect, it } from "vitest";
import { restoreFocus } from "../../../src/playground/ui/focus-keeper";

let end = () => {};

afterEach(() => {
  end();
  document.body.replaceChildren();
});

/** Two rows of buttons, and one button outside of them. */
function part() {
  document.body.innerHTML = `
    <button id="outside"></button>
    <main>
      <p><button id="a"></button><button id="b"></button></p>
      <p><button id="c"></button><input id="d" /></p>
    </main>`;
  end = restoreFocus(document.querySelector("main") as HTMLElement);
  const at = (id: string) => document.getElementById(id) as HTMLButtonElement;
  return { at, focused: () => document.activeElement?.id ?? "" };
}

const turn = () => new Promise((resolve) => setTimeout(resolve, 5));

describe("a removed or disabled element passes the focus", () => {
  it("to the element at its position", async () => {
    const { at, focused } = part();
    at("a").focus();
    at("a").remove();
    await turn();
    expect(focused()).toBe("b");
  });

  it("to its neighbor if it was the last of its row", async () => {
    const { at, focused } = part();
    at("d").focus();
    at("d").remove();
    await turn();
    expect(focused()).toBe("c");
  });

  it("to the element after its row if the row is removed", async () => {
    const { at, focused } = part();
    at("b").focus();
    at("b").parentElement?.remove();
    await turn();
    expect(focused()).toBe("c");
    at("d").parentElement?.remove();
    await turn();
    expect(focused()).toBe("");
  });

  it("to its neighbor if it is disabled, and to itself if it is moved", async () => {
    const { at, focused } = part();
    at("a").focus();
    at("a").disabled = true;
    await turn();
    expect(focused()).toBe("b");
    at("b").parentElement?.prepend(at("b"));
    await turn();
    expect(focused()).toBe("b");
  });

  it("not if it was moved on purpose", async () => {
    const { at, focused } = part();
    at("a").focus();
    at("outside").focus();
    at("a").remove();
    await turn();
    expect(focused()).toBe("outside");
    at("b").focus();
    at("b").blur();
    await turn();
    at("b").remove();
    await turn();
    expect(focused()).toBe("");
    at("c").focus();
    document.dispatchEvent(new Event("pointerdown", { bubbles: true }));
    at("c").blur();
    at("c").remove();
    await turn();
    expect(focused()).toBe("");
  });
});
