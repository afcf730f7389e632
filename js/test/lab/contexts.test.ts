import { describe, expect, it } from "vitest";
import { contextsOf } from "../../src/lab/contexts";

describe("contextsOf", () => {
  it.each([
    ["%%chat --context cell:a1b2\nWhy?", ["a1b2"]],
    ["%%time\n%%chat -t 0 --context=notebook\nWhy?", ["notebook"]],
    ["x = %chat --context cell:5 Why?\n%openrouter --context notebook Why?", ["5", "notebook"]],
    ["%%chat --context above\nWhy?", []],
    ["%%chat --context cell:\nWhy?", []],
    ["%%chat --context", []],
    ["%%chat Why --context notebook", []],
    ["%%chat_models --context notebook", []],
    ["print('--context notebook')", []],
  ])("reads %j", (source, expected) => {
    expect(contextsOf(source)).toEqual(expected);
  });
});
