import { defineMarkdownElement } from "./client/markdown-element";

export { defineMarkdownElement, type OpenRouterMarkdown } from "./client/markdown-element";

defineMarkdownElement();
