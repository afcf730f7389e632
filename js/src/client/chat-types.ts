/** Types of requests and results, in camelCase as in OpenRouter's TypeScript SDK. */

export type JsonObject = { readonly [key: string]: unknown };

export type ContentPart =
  | { type: "text"; text: string; cacheControl?: JsonObject; promptCacheBreakpoint?: JsonObject | null }
  | { type: "image_url"; imageUrl: { url: string; detail?: string } }
  | { type: "input_audio"; inputAudio: { data: string; format: string } }
  | { type: "input_video" | "video_url"; videoUrl: { url: string } }
  | { type: "file"; file: { filename?: string; fileData?: string; fileId?: string } };

export type Content = string | ContentPart[];

export interface CalledTool {
  id: string;
  type: "function";
  function: { name: string; arguments: string };
}

export interface AssistantMessage {
  role: "assistant";
  content?: Content | null;
  name?: string;
  toolCalls?: CalledTool[];
  refusal?: string | null;
  reasoning?: string | null;
  /** Other content of the service, such as `reasoningDetails` and `images`. */
  [key: string]: unknown;
}

export type Message =
  | { role: "system" | "developer" | "user"; content: Content; name?: string }
  | { role: "tool"; content: Content; toolCallId: string; name?: string }
  | AssistantMessage;

export type ResponseFormat =
  | { type: "text" | "json_object" | "python" }
  | { type: "grammar"; grammar: string }
  | {
      type: "json_schema";
      jsonSchema: { name: string; description?: string; schema?: JsonObject; strict?: boolean | null };
    };

export type ToolDefinition =
  | {
      type: "function";
      function: { name: string; description?: string; parameters?: JsonObject; strict?: boolean | null };
      cacheControl?: JsonObject;
    }
  | { type: `openrouter:${string}`; parameters?: JsonObject };

/** The request of `chatSend`: the fields of the SDK's `ChatGenerationParams`, and newer ones. */
export interface ChatGenerationParams {
  messages: readonly Message[];
  model?: string | undefined;
  models?: readonly string[] | undefined;
  frequencyPenalty?: number | null | undefined;
  logitBias?: { readonly [token: string]: number } | null | undefined;
  logprobs?: boolean | null | undefined;
  topLogprobs?: number | null | undefined;
  maxCompletionTokens?: number | null | undefined;
  maxTokens?: number | null | undefined;
  metadata?: { readonly [key: string]: string } | undefined;
  presencePenalty?: number | null | undefined;
  reasoning?:
    | {
        effort?: string | null;
        summary?: string | null;
        maxTokens?: number | null;
        enabled?: boolean;
        exclude?: boolean;
        context?: string;
        mode?: string;
      }
    | undefined;
  responseFormat?: ResponseFormat | undefined;
  seed?: number | null | undefined;
  stop?: string | readonly string[] | null | undefined;
  stream?: boolean | undefined;
  streamOptions?: { includeUsage?: boolean } | null | undefined;
  temperature?: number | null | undefined;
  toolChoice?: unknown;
  tools?: readonly ToolDefinition[] | undefined;
  topP?: number | null | undefined;
  user?: string | undefined;
  topK?: number | null | undefined;
  minP?: number | null | undefined;
  topA?: number | null | undefined;
  repetitionPenalty?: number | null | undefined;
  reasoningEffort?: string | null | undefined;
  includeReasoning?: boolean | undefined;
  verbosity?: string | undefined;
  structuredOutputs?: boolean | undefined;
  parallelToolCalls?: boolean | null | undefined;
  maxToolCalls?: number | undefined;
  stopServerToolsWhen?: readonly JsonObject[] | undefined;
  provider?: JsonObject | null | undefined;
  route?: string | null | undefined;
  plugins?: readonly JsonObject[] | undefined;
  serviceTier?: string | null | undefined;
  modalities?: readonly string[] | undefined;
  imageConfig?: JsonObject | undefined;
  audio?: JsonObject | undefined;
  prediction?: JsonObject | null | undefined;
  cacheControl?: JsonObject | undefined;
  promptCacheKey?: string | null | undefined;
  promptCacheOptions?: JsonObject | null | undefined;
  webSearchOptions?: JsonObject | undefined;
  xSearchFilter?: JsonObject | undefined;
  preset?: string | undefined;
  sessionId?: string | undefined;
  trace?: JsonObject | undefined;
  transforms?: readonly string[] | undefined;
  deferredTools?: JsonObject | undefined;
  usage?: JsonObject | undefined;
  debug?: JsonObject | undefined;
}

export interface ChatUsage {
  promptTokens: number;
  completionTokens: number;
  totalTokens: number;
  promptTokensDetails?: { cachedTokens?: number; audioTokens?: number; videoTokens?: number } | null;
  completionTokensDetails?: { reasoningTokens?: number | null; audioTokens?: number | null } | null;
  /** In US dollars. */
  cost?: number | null;
  [key: string]: unknown;
}

export interface ChatChoice {
  index: number;
  finishReason: string | null;
  message: AssistantMessage;
  logprobs?: unknown;
  [key: string]: unknown;
}

/** The result of the service, also of a streamed request. Keys that are newer than these types are present. */
export interface ChatResponse {
  id: string;
  object: string;
  created: number;
  model: string;
  choices: ChatChoice[];
  systemFingerprint?: string | null;
  usage?: ChatUsage;
  [key: string]: unknown;
}

/** A model that this page may use. */
export interface AllowedModel {
  id: string;
  name: string;
  contextLength: number | null;
  pricing: JsonObject;
  [key: string]: unknown;
}
