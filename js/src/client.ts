export type { AnswerEvent, AnswerMedia } from "./client/answer-events";
export * from "./client/chat-store";
export type * from "./client/chat-types";
export * from "./client/connection";
export type { Result } from "./client/result";
export * from "./client/sdk-errors";
