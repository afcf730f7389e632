import { useLayoutEffect } from "preact/hooks";
import { usePanel } from "./context";

// MathJax 3 leaves alone what is within it.
const NO_FORMULAS = "mathjax_ignore";

/**
 * Hides what the notebook keeps of the conversation for readers without the panel, for as long as the panel is on screen,
 * and spares the page its formulas: each answer brings the whole conversation anew.
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
