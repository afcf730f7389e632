import { describe, expect, it, vi } from "vitest";
import { StructuredText } from "../../src/live/view/structured-text";
import structured from "../../src/structured";
import { JsonReader } from "../../src/structured/json-reader";
import payloads from "../fixtures/payloads.json";
import { shape } from "../markdown/rendered-dom";

/** Return the value that the parser's events describe; `rest` is text that it could not parse. */
function heard(text: string, size = text.length): { values: unknown[]; rest: string; open: number } {
  const values: unknown[] = [];
  const stack: unknown[] = [];
  const keys: string[] = [];
  let rest = "";
  let begun: string | undefined;
  const put = (value: unknown) => {
    const holder = stack.at(-1);
    if (Array.isArray(holder)) holder.push(value);
    else if (holder) Object.defineProperty(holder, keys.at(-1) ?? "", { value, enumerable: true });
    else values.push(value);
  };
  const reader = new JsonReader({
    open: (kind) => {
      const made = kind === "array" ? [] : {};
      put(made);
      stack.push(made);
      keys.push("");
    },
    key: (name) => keys.splice(-1, 1, name),
    text: (piece, isWhole) => {
      begun = (begun ?? "") + piece;
      if (isWhole) put(begun);
      if (isWhole) begun = undefined;
    },
    word: (all, isWhole) => isWhole && put(JSON.parse(all)),
    close: () => {
      stack.pop();
      keys.pop();
    },
    rest: (piece) => {
      rest += piece;
    },
  });
  for (let at = 0; at < text.length; at += size) reader.feed(text.slice(at, at + size));
  return { values, rest, open: stack.length };
}

function drawn(text: string, size = 0): HTMLElement {
  const element = document.createElement("div");
  const { update, finish } = structured(element);
  for (let end = size; size && end < text.length; end += size) update(text.slice(0, end));
  finish(text);
  return element;
}

const texts = (root: ParentNode, selector: string) =>
  [...root.querySelectorAll(selector)].map((node) => node.textContent);

const ROWS = [
  { name: "Ada", age: 36, note: null },
  { name: "Bob", age: -1.5e3, note: 'x\n\u00e9\u{1f600}"\\' },
];
const VALUES = [
  {},
  [],
  ROWS,
  { value: ROWS },
  { a: { b: [1, [2, []], {}], c: true }, d: "", "": false },
  [[1, 2], [3]],
  [1, { a: 1 }, "x"],
];

describe("the reader", () => {
  it.each(VALUES.map((value) => [JSON.stringify(value), value]))(
    "reads %s, however it is cut",
    (text, value) => {
      for (const written of [text as string, JSON.stringify(value, null, 2)]) {
        for (let size = 1; size <= 7; size++)
          expect(heard(written, size)).toEqual({ values: [value], rest: "", open: 0 });
      }
    },
  );

  it("skips a fence and reads a second value after the first", () => {
    expect(heard('```json\n{"a": 1}\n```', 3)).toEqual({ values: [{ a: 1 }], rest: "", open: 0 });
    expect(heard('{"a": 1}\n{"a": 2}', 3).values).toEqual([{ a: 1 }, { a: 2 }]);
  });

  it.each([
    ["I am sorry", [], "I am sorry"],
    ["{'a': 1}", [{}], "'a': 1}"],
    ['{"a" 1}', [{}], "1}"],
    ['{"a": 1,}', [{ a: 1 }], "}"],
    ["[1,]", [[1]], "]"],
    ["[01]", [[]], "01]"],
    ["[NaN, 1]", [[]], "NaN, 1]"],
    ["[1 2]", [[1]], "2]"],
    ['{"a": 1} and so on', [{ a: 1 }], "and so on"],
    ["[1}", [[1]], "}"],
  ])("leaves nothing out of %s", (text, values, rest) => {
    for (const size of [1, 2, 50]) expect(heard(text, size)).toMatchObject({ values, rest });
  });

  it("knows what is still open", () => {
    expect(heard('{"a": [1, {"b": "x').open).toBe(3);
    expect(heard('["\\ud83d\\u').open).toBe(1);
    expect(heard("[".repeat(100_000)).open).toBe(100_000);
  });
});

describe("an object", () => {
  it("is names and values, with collapsible nested values", () => {
    const root = drawn(
      '{"number": "7", "buyer": {"name": "Ada", "city": ""}, "tags": ["a", "b"], "paid": null}',
    );
    expect(texts(root, "dt")).toEqual(["number", "buyer", "name", "city", "tags", "paid"]);
    expect(texts(root, "summary")).toEqual(["2 fields", "2 items"]);
    expect(texts(root, "li")).toEqual(["a", "b"]);
    expect(texts(root, ".orn-json-none")).toEqual(['""', "null"]);
  });

  it("looks the same however it arrives", () => {
    for (const value of VALUES) {
      const text = JSON.stringify(value, null, 1);
      const whole = shape(drawn(text));
      for (const size of [1, 5, 17]) expect(shape(drawn(text, size))).toBe(whole);
    }
  });

  it("marks the unfinished value, and where it ended early", () => {
    const element = document.createElement("div");
    const { update, finish } = structured(element);
    update('{"a": "one", "b": "tw');
    expect(texts(element, ".orn-json-open")).toEqual(["tw"]);
    update('{"a": "one", "b": "two", "c": 12');
    expect(texts(element, ".orn-json-open")).toEqual(["12"]);
    update('{"a": "one", "b": "two", "c": 12.5}');
    expect(texts(element, ".orn-json-open")).toEqual([]);
    expect(texts(element, "dd")).toEqual(["one", "two", "12.5"]);
    finish('{"a": "one", "b": "two", "c": 12.5}');
    expect(element.querySelector(".orn-json-cut")).toBeNull();
    expect(texts(drawn('{"a": "one", "b": "tw'), ".orn-json-cut")).toEqual(["It breaks off here."]);
  });

  it("shows text that is not JSON verbatim", () => {
    expect(drawn("I am <b>sorry</b>.", 4).textContent).toBe("I am <b>sorry</b>.");
    expect(texts(drawn('{"a": 1, oops'), ".orn-json-rest")).toEqual(["oops"]);
  });

  it("starts over with another text", () => {
    const element = document.createElement("div");
    const { update } = structured(element);
    update('{"a": 1}');
    update('{"b": 2}');
    expect(texts(element, "dt")).toEqual(["b"]);
  });
});

describe("a list of objects", () => {
  it("is a table that gets a column with the first row that has it", () => {
    const root = drawn('[{"a": 1, "b": 2}, {"b": 3}, {"c": {"d": 4}, "a": 5}]');
    expect(texts(root, "th")).toEqual(["a", "b", "c"]);
    expect([...root.querySelectorAll("tbody tr")].map((row) => texts(row, "td"))).toEqual([
      ["1", "2"],
      ["", "3"],
      ["5", "", "1 fieldd4"],
    ]);
    expect(root.querySelector("td details")?.hasAttribute("open")).toBe(false);
  });

  it("travels in an object whose only field is not shown, unless there are others", () => {
    expect(drawn('{"value": [{"a": 1}]}').querySelector("[data-wraps]")).toBeTruthy();
    expect(drawn('{"value": [{"a": 1}], "more": 1}').querySelector("[data-wraps]")).toBeNull();
    expect(drawn('{"value": 1}').querySelector("[data-wraps]")).toBeNull();
  });

  it("keeps finished rows as they are while others come", () => {
    const element = document.createElement("div");
    const { update } = structured(element);
    update('[{"a": "one"}, {"a": "two"}, {"a": "th');
    const before = [...element.querySelectorAll("tr, td")].slice(0, -1);
    update('[{"a": "one"}, {"a": "two"}, {"a": "three"}, {"a": "four", "b": 1');
    expect([...element.querySelectorAll("tr, td")].slice(0, before.length)).toEqual(before);
  });

  it("counts entries beyond the limit", () => {
    const many = drawn(JSON.stringify({ rows: Array.from({ length: 1200 }, (_, n) => ({ n })) }), 1000);
    expect(many.querySelectorAll("tbody tr")).toHaveLength(500);
    expect(texts(many, "summary")).toEqual(["1,200 rows"]);
    expect(many.textContent).toContain("and 700 more");
    const wide = drawn(
      JSON.stringify([Object.fromEntries(Array.from({ length: 50 }, (_, n) => [`c${n}`, n]))]),
    );
    expect(wide.querySelectorAll("th")).toHaveLength(30);
    expect(drawn("[".repeat(5000)).querySelectorAll("details").length).toBeLessThan(30);
  });
});

describe("cost", () => {
  it("grows with new text, not with the text so far", () => {
    const rows = Array.from({ length: 450 }, (_, n) => ({
      name: `row ${n}`,
      price: n / 4,
      note: "some text",
    }));
    const text = JSON.stringify(rows);
    const made = vi.spyOn(document, "createElement");
    drawn(text);
    const once = made.mock.calls.length;
    made.mockClear();
    drawn(text, 8);
    expect(made.mock.calls.length).toBe(once);
    vi.restoreAllMocks();
  });
});

describe("hostile JSON", () => {
  it.each(payloads.map((payload) => [JSON.stringify(payload).slice(0, 60), payload]))(
    "is text: %s",
    (_, payload) => {
      const hostile = typeof payload === "string" ? payload : JSON.stringify(payload);
      for (const text of [
        JSON.stringify({ [hostile]: hostile }),
        JSON.stringify([{ [hostile]: hostile }, hostile]),
        hostile,
      ]) {
        const root = drawn(text, 7);
        expect(
          root.querySelector("script, img, svg, iframe, a, style, form, input, object, embed, link"),
        ).toBeNull();
        for (const element of root.querySelectorAll("*"))
          for (const { name } of element.attributes)
            expect([
              "class",
              "dir",
              "open",
              "scope",
              "colspan",
              "tabindex",
              "role",
              "aria-label",
              "data-wraps",
            ]).toContain(name);
      }
    },
  );

  it("hides nothing behind control characters", () => {
    expect(drawn('{"a\\u0007": "b\\u0000c\\u001b[2Jd"}').textContent).toBe("abc[2Jd");
  });
});

describe("before the module has loaded", () => {
  it("shows the text verbatim", async () => {
    let arrive: (value: typeof structured) => void = () => {};
    const source = { get: () => new Promise((resolve) => (arrive = resolve)) };
    const element = document.createElement("div");
    const shown = new StructuredText(element, source as never);
    shown.finish('{"a": 1}');
    expect(element.textContent).toBe('{"a": 1}');
    arrive(structured);
    await Promise.resolve();
    await Promise.resolve();
    expect(texts(element, "dt")).toEqual(["a"]);
  });
});
