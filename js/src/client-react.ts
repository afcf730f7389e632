import * as React from "react";

export {
  QueryClient,
  QueryClientProvider,
  useMutation,
  useQuery,
  useQueryClient,
} from "@tanstack/react-query";
export { createRoot } from "react-dom/client";
export * from "./client";
export * from "./client/react-binding";
export { React };
