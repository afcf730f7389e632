/** A separate bundle, sent to a page when a panel shows the first of these views. */

import type { PanelViews } from "./playground/lazy-view";
import css from "./playground/style/views.css";
import { CodeTab } from "./playground/tabs/code";
import { HistoryTab } from "./playground/tabs/history";
import { RawTab } from "./playground/tabs/raw";
import { Logprobs } from "./playground/thread/logprobs";

export default {
  css,
  raw: RawTab,
  code: CodeTab,
  history: HistoryTab,
  logprobs: Logprobs,
} satisfies PanelViews;
