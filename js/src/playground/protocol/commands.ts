/** Commands of the panel, which change the state. */

import type { Role } from "./thread";
import type { Policy } from "./traits";
import type { Json } from "./values";

/** The page may choose the id of a new column or message, to use it before the kernel replies: `x` and letters or digits. */
interface NewElement {
  readonly new_id?: string;
}

export type Command =
  // Parameters. `column` makes it an override of that column.
  | { readonly op: "set_param"; readonly name: string; readonly value: Json; readonly column?: string }
  | { readonly op: "unset_param" | "null_param"; readonly name: string; readonly column?: string }
  | { readonly op: "force_param"; readonly name: string; readonly on: boolean }
  | { readonly op: "set_setting"; readonly name: string; readonly value: Json }
  | { readonly op: "convert_deprecated"; readonly name: string }
  // Columns.
  | { readonly op: "set_model"; readonly column: string; readonly model: string }
  | ({ readonly op: "add_column"; readonly model?: string } & NewElement)
  | { readonly op: "remove_column"; readonly column: string }
  // Thread. `column` selects a card of an answer.
  | ({
      readonly op: "insert_message";
      readonly index: number;
      readonly role: Role;
      readonly text: string;
    } & NewElement)
  /** Append the composer's text and attachments as a message, without sending. */
  | { readonly op: "add_message"; readonly role: Role; readonly text: string }
  | ({
      readonly op: "edit_message";
      readonly item: string;
      readonly text: string;
      readonly column?: string;
    } & { /** Keep the old message and the messages after it as a branch. */ readonly branch?: boolean })
  | { readonly op: "set_role"; readonly item: string; readonly role: Role }
  | { readonly op: "set_tool_call_id"; readonly item: string; readonly tool_call_id: string }
  | { readonly op: "set_cache"; readonly item: string; readonly part: number; readonly on: boolean }
  | { readonly op: "delete_message" | "duplicate_message" | "branch_message"; readonly item: string }
  | { readonly op: "move_message"; readonly item: string; readonly index: number }
  | { readonly op: "choose_branch"; readonly item: string; readonly step: 1 | -1; readonly column?: string }
  | { readonly op: "set_thread" /** JSON text of a list of messages. */; readonly json: string }
  | {
      readonly op: "clear_thread" | "undo" | "redo" | "cancel_retry" | "dismiss";
      readonly column?: string;
    }
  /** Continue with this column's answer for every model; the other answers of the item are removed. */
  | { readonly op: "keep_answer"; readonly item: string; readonly column: string }
  | { readonly op: "regenerate" | "repair" | "continue"; readonly item: string; readonly column?: string }
  | { readonly op: "set_draft"; readonly text: string; readonly role?: Role }
  // Attachments: an uploaded file, or a variable of the kernel. `item` null: the draft.
  /** A piece of a file as the message's buffer, at a position in bytes. The page chooses the id of the upload. */
  | { readonly op: "upload"; readonly upload: string; readonly at: number }
  | ({
      readonly op: "attach";
      readonly item: string | null;
      readonly name: string;
      readonly variable?: string;
    } & { readonly upload?: string })
  | { readonly op: "detach"; readonly item: string | null; readonly part: number }
  // Tool calls of the model.
  | ({
      readonly op: "tool_run";
      readonly item: string;
      readonly column: string | null;
      readonly call: string;
    } & { /** Edited JSON text. */ readonly arguments?: string })
  | ({
      readonly op: "tool_result";
      readonly item: string;
      readonly column: string | null;
      readonly call: string;
    } & { readonly text: string })
  | ({
      readonly op: "tool_refuse";
      readonly item: string;
      readonly column: string | null;
      readonly call: string;
    } & { readonly text?: string })
  // Tools and schemas from objects in the kernel.
  | { readonly op: "tool_from" | "schema_from"; readonly variable: string }
  | { readonly op: "tool_policy"; readonly tool: string; readonly policy: Policy["chosen"] }
  | { readonly op: "preset_save" | "preset_load" | "preset_delete"; readonly name: string }
  // Stored conversations. `fork` and `run` leave the stored one alone; `run` sends its last question again.
  | {
      readonly op: "history_open";
      readonly conversation: string;
      readonly fork?: boolean;
      readonly run?: boolean;
    }
  | { readonly op: "history_delete"; readonly conversation: string }
  | { readonly op: "history_restore" }
  | { readonly op: "history_import"; readonly upload: string }
  | { readonly op: "remedy"; readonly column: string; readonly remedy: string };
