const FOCUSABLE =
  ":is(a[href], button, input, select, textarea, summary, audio[controls], video[controls], [tabindex='0'])";

/** Where an element stood. */
interface FocusPlace {
  readonly element: HTMLElement;
  /** The boxes around it, innermost first, and how many that take the focus stand in each before the part with the element. */
  readonly around: readonly { readonly box: Element; readonly at: number }[];
}

/**
 * Keeps the focus within `root` when what has it is taken away, disabled, or moved: a button that removes itself must not
 * send somebody without a mouse back to the top of the page. What stands in its place gets the focus, or its neighbour.
 * Returns what ends it.
 */
export function restoreFocus(root: HTMLElement): () => void {
  const away = new AbortController();
  const { signal } = away;
  let place: FocusPlace | undefined;
  let isPressed = false;

  const observer = new MutationObserver(() => {
    if (!place) return;
    const active = document.activeElement;
    const isLost = !active || active === document.body;
    if (isLost || (active === place.element && active.matches(":disabled"))) {
      (isThere(place.element) ? place.element : successor(place))?.focus({ preventScroll: true });
    }
  });
  const watch = { subtree: true, childList: true, attributes: true, attributeFilter: ["disabled"] };

  root.addEventListener(
    "focusin",
    ({ target }) => {
      if (!place) observer.observe(root, watch);
      place = placeOf(target as HTMLElement, root);
    },
    { signal },
  );
  const leave = () => {
    place = undefined;
    observer.disconnect();
  };
  root.addEventListener(
    "focusout",
    ({ target, relatedTarget }) => {
      if (relatedTarget) {
        if (!root.contains(relatedTarget as Node)) leave();
      } else if (isPressed) leave();
      else {
        // What was taken away has been seen to before this; what is left was given up on purpose.
        setTimeout(() => {
          if (place?.element === target && document.activeElement === document.body) leave();
        });
      }
    },
    { signal },
  );
  const onPress = { capture: true, signal };
  document.addEventListener(
    "pointerdown",
    () => {
      isPressed = true;
      setTimeout(() => {
        isPressed = false;
      });
    },
    onPress,
  );
  return () => {
    observer.disconnect();
    away.abort();
  };
}

function placeOf(element: HTMLElement, root: HTMLElement): FocusPlace {
  const around: { box: Element; at: number }[] = [];
  let part: Element = element;
  for (let box = element.parentElement; box; box = box.parentElement) {
    around.push({ box, at: [...box.querySelectorAll(FOCUSABLE)].findIndex((each) => part.contains(each)) });
    if (box === root) break;
    part = box;
  }
  return { element, around };
}

function successor({ element, around }: FocusPlace): HTMLElement | undefined {
  for (const { box, at } of around) {
    if (!box.isConnected) continue;
    const all = [...box.querySelectorAll<HTMLElement>(FOCUSABLE)];
    const start = Math.max(0, all.includes(element) ? all.indexOf(element) : at);
    const found = [...all.slice(start), ...all.slice(0, start).reverse()].find(
      (each) => isThere(each) && each.tabIndex >= 0,
    );
    if (found) return found;
  }
  return undefined;
}

function isThere(element: HTMLElement): boolean {
  const isSeen = element.checkVisibility?.({ visibilityProperty: true }) ?? true;
  return element.isConnected && !element.matches(":disabled") && isSeen;
}
