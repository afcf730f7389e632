import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { everySecond } from "../../shared/second-timer";
import { usePanel } from "../context";
import { fill, STRINGS } from "../strings";
import { wait } from "../ui/format";

const ANOTHER_END_MS = 3000;

/** A countdown from the kernel's last value. Screen readers get it at the start, at ten seconds and at the end. */
export function WaitCountdown({ remainingMs, words }: { remainingMs: number; words: string }) {
  const panel = usePanel();
  const left = useSignal(remainingMs / 1000);
  const said = useRef(Number.NEGATIVE_INFINITY);
  useEffect(() => {
    const end = performance.now() + remainingMs;
    const say = (s: number) => {
      panel.announcement.value = s > 0 ? fill(words, { time: wait(s) }) : STRINGS.waitOver;
    };
    left.value = remainingMs / 1000;
    // The kernel sends the remaining time with each change of its state; announce only a different end.
    if (Math.abs(end - said.current) > ANOTHER_END_MS) say(left.value);
    said.current = end;
    return everySecond(() => {
      const before = left.value;
      left.value = Math.max(0, (end - performance.now()) / 1000);
      for (const mark of [10, 0]) if (before > mark && left.value <= mark) say(mark);
    });
  }, [remainingMs]);
  return (
    <span class="orn-countdown" aria-hidden="true">
      {left.value > 0 ? fill(words, { time: wait(left.value) }) : STRINGS.waitOver}
    </span>
  );
}
