import type { ModelRequest } from "../index.ts";

/** Which tool the model may or must call. */
export type ToolChoice = "auto" | "none" | "required" | { readonly tool: string };

/** The choice for one request: `required` and a named tool hold until the first call, then `auto`, else a run never ends. */
export function toolChoiceNow(choice: ToolChoice, { messages }: ModelRequest): ToolChoice {
  if (choice === "auto" || choice === "none") return choice;
  return messages.some(({ role }) => role === "tool") ? "auto" : choice;
}
