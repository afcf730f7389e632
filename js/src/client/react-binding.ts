import {
  type MutationKey,
  type UseMutationOptions,
  type UseMutationResult,
  useMutation,
} from "@tanstack/react-query";
import {
  createContext,
  createElement,
  type ReactElement,
  type ReactNode,
  useContext,
  useSyncExternalStore,
} from "react";
import type { ChatSnapshot, ChatStore } from "./chat-store";
import type { ChatGenerationParams, ChatResponse } from "./chat-types";
import type { ChatConnection, ChatOptions } from "./connection";

const OpenRouterContext = createContext<ChatConnection | null>(null);

/** Provide the connection for the hooks of `children`, as the provider of OpenRouter's TypeScript SDK. */
export function OpenRouterProvider(props: { client: ChatConnection; children?: ReactNode }): ReactElement {
  return createElement(OpenRouterContext.Provider, { value: props.client }, props.children);
}

export function useOpenRouterContext(): ChatConnection {
  const connection = useContext(OpenRouterContext);
  if (!connection)
    throw new Error("No connection: pass one to <OpenRouterProvider client={connect(model)}>.");
  return connection;
}

export interface ChatSendMutationVariables {
  request: ChatGenerationParams;
  options?: ChatOptions;
}

export type ChatSendMutationData = ChatResponse;

export type ChatSendMutationOptions = Omit<
  UseMutationOptions<ChatSendMutationData, Error, ChatSendMutationVariables>,
  "mutationKey" | "mutationFn"
> &
  ChatOptions;

/** Send chat requests as mutations. The signature is that of the SDK's hook. */
export function useChatSendMutation(
  options?: ChatSendMutationOptions,
): UseMutationResult<ChatSendMutationData, Error, ChatSendMutationVariables> {
  return useMutation({ ...buildChatSendMutation(useOpenRouterContext(), options), ...options });
}

export function mutationKeyChatSend(): MutationKey {
  return ["@openrouter/sdk", "chat", "send"];
}

export function buildChatSendMutation(
  connection: ChatConnection,
  hookOptions?: ChatOptions,
): {
  mutationKey: MutationKey;
  mutationFn: (variables: ChatSendMutationVariables) => Promise<ChatSendMutationData>;
} {
  return {
    mutationKey: mutationKeyChatSend(),
    async mutationFn({ request, options }) {
      const signals = [hookOptions, options].flatMap((each) => [each?.signal, each?.fetchOptions?.signal]);
      const present = signals.filter((each) => !!each);
      const result = await connection.chatSend(request, {
        ...hookOptions,
        ...options,
        fetchOptions: { ...hookOptions?.fetchOptions, ...options?.fetchOptions, signal: null },
        signal: present.length > 1 ? AbortSignal.any(present) : present[0],
      });
      if (!result.ok) throw result.error;
      return result.value;
    },
  };
}

/** Return the state of a chat, and render again when it changes. */
export function useChat(store: ChatStore): ChatSnapshot {
  return useSyncExternalStore(store.subscribe, store.getSnapshot, store.getSnapshot);
}
