import type { ModelRequest } from "../index.ts";

/** Which tool the model may or must call. */
export type ToolChoice = "auto" | "none" | "required" | { readonly tool: string };

/** The choice for one request: `required` and a named tool hold until the first call, then `auto`, else a run never ends. */
export function toolChoiceNow(choice: ToolChoice | undefined, { messages }: ModelRequest): ToolChoice | undefined {
  const isDemand = choice === "required" || typeof choice === "object";
  return isDemand && messages.some(({ role }) => role === "tool") ? "auto" : choice;
}
