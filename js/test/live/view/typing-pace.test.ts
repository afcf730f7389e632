import { describe, expect, it } from "vitest";
import { TypingPace } from "../../../src/live/view/typing-pace";

describe("Pace", () => {
  it("shows some text at once and all of it when the next delta is due", () => {
    const pace = new TypingPace();
    pace.arrive(100, 0);
    expect(pace.advance(0)).toBe(1);
    expect(pace.advance(50)).toBe(50);
    expect(pace.isDone).toBe(false);
    expect(pace.advance(100)).toBe(100);
    expect(pace.isDone).toBe(true);
  });

  it("adapts to the interval between deltas, up to a quarter of a second", () => {
    const pace = new TypingPace();
    for (let now = 0; now <= 60_000; now += 5000) {
      pace.arrive(now / 50, now);
      pace.advance(now + 249);
    }
    expect(pace.advance(60_250)).toBe(1200);
  });

  it("shows a long backlog at once", () => {
    const pace = new TypingPace();
    pace.arrive(2001, 0);
    expect(pace.advance(0)).toBe(2001);
  });

  it("does not go beyond a text that became shorter", () => {
    const pace = new TypingPace();
    pace.jump(500);
    pace.arrive(10, 0);
    expect(pace.advance(1)).toBe(10);
    expect(pace.isDone).toBe(true);
  });
});
