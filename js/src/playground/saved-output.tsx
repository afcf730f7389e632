import { useLayoutEffect } from "preact/hooks";
import { NO_FORMULAS } from "../shared/dom";
import { usePanel } from "./context";

/**
 * Hides the saved output of the conversation while the panel is on screen, and excludes it from MathJax: each answer
 * replaces the complete output.
 */
export function HideSavedOutput() {
  const { session, thread } = usePanel().traits;
  const { kept } = session.value;
  const hosts = () => [...document.getElementsByClassName(kept)].map((each) => each.parentElement);
  useLayoutEffect(() => {
    for (const host of hosts()) host?.classList.add(...NO_FORMULAS.split(" "));
  }, [thread.value]);
  useLayoutEffect(
    () => () => {
      for (const host of hosts()) host?.classList.remove(...NO_FORMULAS.split(" "));
    },
    [],
  );
  return <style>{`.${kept}, .jp-OutputArea-child:has(.${kept}) { display: none }`}</style>;
}
