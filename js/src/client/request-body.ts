import { isObject, isString } from "../shared/guards";
import type { ChatGenerationParams } from "./chat-types";
import { snakeCase, withSnakeCaseKeys } from "./key-case";
import { nearest } from "./nearest-name";
import { ERR, OK, type Result } from "./result";
import { SDKValidationError } from "./sdk-errors";

/**
 * The shapes of a request: `key:type`, in the order of the body, which is the order of OpenRouter's TypeScript SDK 0.1.11.
 * Fields that are newer than this SDK follow. Keys are sent in snake_case.
 *
 * `key!` is required, `type?` accepts null, `[type` is an array, `a|b` is one of two. `=x` is a literal. One letter is a
 * basic type: String, Number, Integer, Boolean, Any value unchanged, Map of any values, map of strings (`S`) or numbers
 * (`N`), and object with keys to Convert. A longer name is a shape; where its family is in `DISCRIMINATORS`, a key of the
 * value selects it. `*` is for keys that are not listed.
 */
const SHAPES: Readonly<Record<string, string>> = {
  request:
    "messages!:[message model:s models:[s frequencyPenalty:n? logitBias:N? logprobs:b? topLogprobs:n? " +
    "maxCompletionTokens:n? maxTokens:n? metadata:S presencePenalty:n? reasoning:reasoning responseFormat:format seed:i? " +
    "stop:s|[s? stream:b streamOptions:streamOptions? temperature:n? toolChoice:a tools:[tool topP:n? user:s " +
    "topK:i? minP:n? topA:n? repetitionPenalty:n? reasoningEffort:s? includeReasoning:b verbosity:s structuredOutputs:b " +
    "parallelToolCalls:b? maxToolCalls:i stopServerToolsWhen:[c provider:c? route:s? plugins:[c serviceTier:s? " +
    "modalities:[s imageConfig:c audio:c prediction:c? cacheControl:c promptCacheKey:s? promptCacheOptions:c? " +
    "webSearchOptions:c xSearchFilter:c preset:s sessionId:s trace:trace transforms:[s deferredTools:c usage:c debug:c",
  reasoning: "effort:s? summary:s? generateSummary:s? maxTokens:i? enabled:b exclude:b context:s mode:s",
  streamOptions: "includeUsage:b",
  trace: "traceId:s traceName:s spanName:s generationName:s parentSpanId:s *:a",
  "message.system": "role!:=system content!:s|[part.text name:s",
  "message.developer": "role!:=developer content!:s|[part.text name:s",
  "message.user": "role!:=user content!:s|[part name:s",
  "message.tool": "role!:=tool content!:s|[part toolCallId!:s name:s",
  // The service returns more keys, which the next request contains again.
  "message.assistant":
    "role!:=assistant content:s|[part? name:s toolCalls:[toolCall refusal:s? reasoning:s? *:c",
  toolCall: "id!:s type!:=function function!:calledFunction *:c",
  calledFunction: "name!:s arguments!:s",
  "part.text": "type!:=text text!:s cacheControl:c promptCacheBreakpoint:c?",
  "part.image_url": "type!:=image_url imageUrl!:imageUrl",
  "part.input_audio": "type!:=input_audio inputAudio!:inputAudio",
  "part.input_video": "type!:=input_video videoUrl!:videoUrl",
  "part.video_url": "type!:=video_url videoUrl!:videoUrl",
  "part.file": "type!:=file file!:file",
  imageUrl: "url!:s detail:s",
  inputAudio: "data!:s format!:s",
  videoUrl: "url!:s processing:c",
  file: "filename:s fileData:s fileId:s",
  "format.json_schema": "type!:=json_schema jsonSchema!:jsonSchema",
  "format.grammar": "type!:=grammar grammar!:s",
  "format.text": "type!:=text",
  "format.json_object": "type!:=json_object",
  "format.python": "type!:=python",
  jsonSchema: "name!:s description:s schema:m strict:b?",
  "tool.function": "type!:=function function!:function cacheControl:c eagerInputStreaming:b",
  // A server tool, such as `openrouter:web_search`.
  tool: "type!:s parameters:c",
  function: "name!:s description:s parameters:m strict:b?",
};

const DISCRIMINATORS: Readonly<Record<string, string>> = {
  message: "role",
  part: "type",
  format: "type",
  tool: "type",
};

const BASIC: Readonly<Record<string, readonly [expected: string, accepts: (value: unknown) => boolean]>> = {
  s: ["a string", isString],
  n: ["a number", Number.isFinite],
  i: ["an integer", Number.isSafeInteger],
  b: ["a boolean", (value) => typeof value === "boolean"],
  m: ["an object", isObject],
  S: ["an object of strings", (value) => isObject(value) && Object.values(value).every(isString)],
  N: ["an object of numbers", (value) => isObject(value) && Object.values(value).every(Number.isFinite)],
};

/** Return the JSON text of the request's body, or the error that describes the first invalid value. */
export function requestBody(request: ChatGenerationParams): Result<string, SDKValidationError> {
  try {
    return OK(
      JSON.stringify(
        shaped(
          "request",
          { ...request, stream: request?.stream === undefined ? false : request.stream },
          "request",
        ),
      ),
    );
  } catch (cause) {
    return ERR(new SDKValidationError("Input validation failed", { cause, rawValue: request }));
  }
}

/** Return `value` as it is sent. Throws `TypeError` for a value that is not of this type; `path` names it. */
function converted(type: string, value: unknown, path: string): unknown {
  if (type.endsWith("?")) return value === null ? null : converted(type.slice(0, -1), value, path);
  const [one, other] = type.split("|");
  if (one && other) return converted(isString(value) ? one : other, value, path);
  if (type.startsWith("[")) {
    if (!Array.isArray(value)) throw expected("an array", path);
    return value.map((each, index) => converted(type.slice(1), each, `${path}[${index}]`));
  }
  if (type.startsWith("=")) {
    if (value !== type.slice(1)) throw expected(`"${type.slice(1)}"`, path);
    return value;
  }
  if (type === "a") return value;
  if (type === "c") return withSnakeCaseKeys(value);
  const basic = BASIC[type];
  if (!basic) return shaped(type, value, path);
  if (!basic[1](value)) throw expected(basic[0], path);
  return value;
}

function shaped(name: string, value: unknown, path: string): Record<string, unknown> {
  if (!isObject(value)) throw expected("an object", path);
  const discriminator = DISCRIMINATORS[name];
  const variant = discriminator && SHAPES[`${name}.${value[discriminator]}`];
  const shape = variant ?? SHAPES[name];
  if (!shape) {
    const known = Object.keys(SHAPES).filter((each) => each.startsWith(`${name}.`));
    const names = known.map((each) => `"${each.slice(name.length + 1)}"`).join(", ");
    throw expected(`one of ${names}`, `${path}.${discriminator}`);
  }
  const body: Record<string, unknown> = {};
  const names = new Set<string>();
  let others: string | undefined;
  for (const field of shape.split(" ")) {
    const [key = "", type = ""] = field.split(":");
    const key_ = key.replace("!", "");
    names.add(key_);
    const found = value[key_];
    if (key === "*") others = type;
    else if (found !== undefined) body[snakeCase(key_)] = converted(type, found, `${path}.${key_}`);
    else if (key !== key_) throw expected("a value", `${path}.${key_}`);
  }
  for (const [key, found] of Object.entries(value)) {
    if (names.has(key) || found === undefined) continue;
    if (!others) throw new TypeError(`${path} has no key "${key}"${nearest(key, names)}`);
    body[others === "c" ? snakeCase(key) : key] = converted(others, found, path);
  }
  return body;
}

function expected(what: string, path: string): TypeError {
  return new TypeError(`${path}: expected ${what}`);
}
