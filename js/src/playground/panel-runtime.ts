/**
 * What the bundle `panel-views` takes from this bundle instead of containing it: one preact, one context, one counter of
 * ids. js/build.mjs reads this list: an import of one of these modules in that bundle becomes a property of the runtime.
 */
export { useSignal } from "@preact/signals";
export { Fragment, h } from "preact";
export { useEffect, useLayoutEffect, useRef } from "preact/hooks";
export { useFocusTarget, usePanel } from "./context";
export { fill, plural, STRINGS } from "./strings";
export { Button } from "./ui/button";
export { count, dollars, seconds } from "./ui/format";
export { isSendKey, useElementId } from "./ui/hooks";
export { Menu } from "./ui/menu";
export { Tabs } from "./ui/tabs";
export { VirtualList } from "./ui/virtual-list";
