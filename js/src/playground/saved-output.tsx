import { useLayoutEffect } from "preact/hooks";
import { usePanel } from "./context";

// MathJax 3 ignores elements with this class.
const NO_FORMULAS = "mathjax_ignore";

/**
 * Hides the saved output of the conversation while the panel is on screen, and excludes it from MathJax: each answer
 * replaces the complete output.
 */
export function HideSavedOutput() {
  const { session, thread } = usePanel().traits;
  const { kept } = session.value;
  const hosts = () => [...document.getElementsByClassName(kept)].map((each) => each.parentElement);
  useLayoutEffect(() => {
    for (const host of hosts()) host?.classList.add(NO_FORMULAS);
  }, [thread.value]);
  useLayoutEffect(
    () => () => {
      for (const host of hosts()) host?.classList.remove(NO_FORMULAS);
    },
    [],
  );
  return <style>{`.${kept}, .jp-OutputArea-child:has(.${kept}) { display: none }`}</style>;
}
