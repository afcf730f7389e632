import { expect, it } from "vitest";
import { FrameQueue } from "../../src/markdown/frame-queue";

function work(ms: number): void {
  const end = performance.now() + ms;
  while (performance.now() < end);
}

it("does short jobs at once", () => {
  const done: number[] = [];
  const slices = new FrameQueue();
  slices.add(() => done.push(1));
  slices.add(() => done.push(2));
  expect(done).toEqual([1, 2]);
});

it("runs the other jobs in later tasks, in order", async () => {
  const done: number[] = [];
  const slices = new FrameQueue();
  for (let job = 0; job < 4; job++) {
    slices.add(() => {
      work(10);
      done.push(job);
    });
  }
  expect(done).toEqual([0]);
  for (let ended = 2; ended <= 4; ended++) {
    await expect.poll(() => done.length, { interval: 1 }).toBeGreaterThanOrEqual(ended);
  }
  expect(done).toEqual([0, 1, 2, 3]);
});
