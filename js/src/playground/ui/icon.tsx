/** Inline SVG paths, because fonts may lack a glyph. Each icon is beside a text or in a labelled button. */
const PATHS = {
  add: "M8 3v10M3 8h10",
  answer: "M8 2.5 9.4 6.6 13.5 8 9.4 9.4 8 13.5 6.6 9.4 2.5 8 6.6 6.6Z",
  attach: "M12.5 7.5 8 12a2.8 2.8 0 0 1-4-4l5-5a1.9 1.9 0 0 1 2.7 2.700l-5 5a.9.9 0 0 1-1.3-1.300L10 5",
  branch: "M4.5 3v10M4.5 8.500c0-3 7-1.5 7-5M11.5 3.500h.01M4.5 3h.01",
  cell: "M2.5 4h11v8h-11zM5 6.5 6.5 8 5 9.500M8.5 9.500h2.5",
  check: "m3 8.5 3.2 3.200L13 5",
  clock: "M8 2.500a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11ZM8 5v3.200l2 1.3",
  close: "m4 4 8 8M12 4l-8 8",
  code: "M5.5 4.5 2 8l3.5 3.500M10.5 4.5 14 8l-3.5 3.5",
  columns: "M2.5 3h11v10h-11zM8 3v10",
  copy: "M5.5 5.500h7.500v7.500H5.500zM3 10.500V3h7.5",
  dice: "M3 3h10v10H3zM6 6h.01M10 10h.01M10 6h.01M6 10h.01",
  down: "M8 3v10M4 9l4 4 4-4",
  edit: "m3 13 .7-3L10.5 3.200l2.3 2.300L6 12.300Z",
  error: "M8 2 14.5 13.500h-13ZM8 6.500v3M8 11.500h.01",
  expand: "M9.5 3H13v3.500M13 3 9 7M6.5 13H3V9.500M3 13l4-4",
  go: "m5 3 8 5-8 5Z",
  more: "M3 7.5h1v1H3zM7.5 7.5h1v1h-1zM12 7.5h1v1h-1z",
  open: "m6 4 4 4-4 4",
  redo: "M12.5 7A4.7 4.7 0 1 0 12 10.500M12.5 3v4h-4",
  remove: "M3 4.500h10M6.5 4.500V3h3v1.500M4.5 4.5 5 13h6l.5-8.5",
  search: "M7 2.500a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9ZM10.3 10.3 13.5 13.5",
  sliders: "M2.5 5h6M11.5 5h2M2.5 11h2M7.5 11h6M10 3.300v3.400M6 9.300v3.4",
  shrink: "M13 7H9V3M9 7l4.500-4.500M3 9h4v4M7 9l-4.500 4.500",
  stop: "M4.5 4.500h7v7h-7z",
  system:
    "M8 5.800a2.2 2.2 0 1 0 0 4.4 2.2 2.2 0 0 0 0-4.400ZM8 2v2M8 12v2M2 8h2M12 8h2M3.8 3.800l1.4 1.400M10.8 10.800l1.4 1.400M3.8 12.200l1.4-1.400M10.8 5.200l1.4-1.4",
  tool: "M10.8 2.500a3.2 3.2 0 0 0-3.6 4.300L3 11v2h2l4.2-4.200a3.2 3.2 0 0 0 4.3-3.600l-2 2-1.7-1.700Z",
  undo: "M3.5 7A4.7 4.7 0 1 1 4 10.500M3.5 3v4h4",
  up: "M8 13V3M4 7l4-4 4 4",
  user: "M8 3a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5ZM3.5 13.500c.5-3 2.3-4 4.5-4s4 1 4.5 4",
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name }: { name: IconName }) {
  return (
    <svg class="orn-icon" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  );
}
