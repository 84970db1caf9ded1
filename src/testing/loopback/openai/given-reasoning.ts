/** Reasoning items that a server gave: they must come back unchanged, with what they led to. */
import { isJsonObject, type JsonObject, type JsonValue, sha256 } from "../../../base/index.ts";
import { isFilled, type Report, textOf } from "../checks.ts";

/** What a server remembers of its responses. */
export interface GivenReasoning {
  /** The reasoning that a call or message came with, by the call's id or the item's. */
  readonly before: Map<string, string>;
  /** The items of responses that are stored, by their ids. */
  readonly stored: Map<string, JsonObject>;
}

/** The encrypted content of a reasoning item: whoever changes the item cannot make it. */
export const sealOf = (id: string, summary: JsonValue): string => `sealed-${sha256(JSON.stringify([id, summary]))}`;

/** Checks items in their order: of each, whether its reasoning stands before it and whether reasoning has what follows. */
export function checkReasoning(items: readonly JsonValue[], memory: GivenReasoning, report: Report): void {
  /** Reasoning among the items that the model gave, since the last one that it did not. */
  let present = new Set<string>();
  let last: string | undefined;
  for (const [index, item] of [...items, null].entries()) {
    const at = `input[${index}]`;
    const resolved = isJsonObject(item) && item.type === "item_reference" ? memory.stored.get(textOf(item.id)) : item;
    const type = isJsonObject(resolved) ? (resolved.type ?? "message") : undefined;
    const ofModel = type === "reasoning" || type === "function_call" || (type === "message" && isAssistant(resolved));
    if (last !== undefined && !ofModel) report(`the reasoning ${last} comes without the item that followed it`);
    if (!ofModel) present = new Set();
    last = undefined;
    if (!isJsonObject(resolved) || !ofModel) continue;
    if (type === "reasoning") {
      if (resolved === item) checkItem(resolved, memory, at, report);
      last = textOf(resolved.id);
      present.add(last);
      continue;
    }
    const needed = memory.before.get(textOf(type === "message" ? resolved.id : resolved.call_id));
    if (needed !== undefined && !present.has(needed)) report(`${at}: a ${type} without its reasoning ${needed}`);
  }
}

const isAssistant = (item: JsonValue | undefined): boolean => isJsonObject(item) && item.role === "assistant";

function checkItem(item: JsonObject, memory: GivenReasoning, at: string, report: Report): void {
  const { encrypted_content: sealed, id, summary = null } = item;
  if (!isFilled(id) || !Array.isArray(summary)) {
    report(`${at}: reasoning without id or summary`);
    return;
  }
  if (typeof sealed === "string") {
    if (sealed !== sealOf(id, summary)) report(`${at}: the reasoning ${id} was changed`);
    return;
  }
  const known = memory.stored.get(id);
  if (known === undefined) report(`${at}: the reasoning ${id} is not stored, and has no encrypted content`);
  else if (JSON.stringify(known.summary) !== JSON.stringify(summary)) report(`${at}: the reasoning ${id} was changed`);
}
