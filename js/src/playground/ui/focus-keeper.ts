import { focusedElement } from "../../shared/dom";

const FOCUSABLE =
  ":is(a[href], button, input, select, textarea, summary, audio[controls], video[controls], [tabindex='0'])";

/** The position of an element. */
interface FocusPlace {
  readonly element: HTMLElement;
  /**
   * Its ancestors, innermost first, each with the number of focusable elements before the child that contains the
   * element.
   */
  readonly around: readonly { readonly box: Element; readonly at: number }[];
}

/**
 * Keep the focus within `root` when the focused element is removed, disabled or moved: a button that removes itself
 * must not send keyboard users back to the top of the page. The element at its position or a neighbor gets the focus.
 * Returns a function that stops this.
 */
export function restoreFocus(root: HTMLElement): () => void {
  const away = new AbortController();
  const { signal } = away;
  let place: FocusPlace | undefined;
  let isPressed = false;

  const isLost = () => [null, document.body].includes(focusedElement(root) as HTMLElement | null);
  const observer = new MutationObserver(() => {
    if (!place) return;
    const active = focusedElement(root);
    if (isLost() || (active === place.element && active.matches(":disabled"))) {
      (isFocusable(place.element) ? place.element : successor(place))?.focus({ preventScroll: true });
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
        // Removed elements are handled before this; an element that is still there lost the focus on purpose.
        setTimeout(() => {
          if (place?.element === target && isLost()) leave();
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
      (each) => isFocusable(each) && each.tabIndex >= 0,
    );
    if (found) return found;
  }
  return undefined;
}

/** Return whether an element is in the page, visible and enabled. */
export function isFocusable(element: HTMLElement): boolean {
  const isSeen = element.checkVisibility?.({ visibilityProperty: true }) ?? true;
  return element.isConnected && !element.matches(":disabled") && isSeen;
}
