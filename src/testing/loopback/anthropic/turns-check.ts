/** What the Messages API asks of the messages: whose turn it is, what may stand in it, and a result for every call. */
import { isJsonObject, type JsonObject, type JsonValue } from "../../../base/index.ts";
import { checkParts, given, isFilled, isFilledList, type Report, shown } from "../checks.ts";

const userBlocks = {
  text: "",
  image: "source",
  document: "source",
  search_result: "content",
  tool_result: "tool_use_id",
};
const assistantBlocks = { text: "", thinking: "", redacted_thinking: "data", tool_use: "id" };
const resultBlocks = { text: "", image: "source", document: "source", search_result: "content" };

/**
 * Reports everything that is wrong with the messages of a request. Roles must take turns, which the API itself mends;
 * `citations` says whether texts of the user may have some.
 */
export function checkTurns(messages: JsonValue | undefined, citations: boolean, report: Report): void {
  if (!isFilledList(messages)) {
    report("messages is not a filled list");
    return;
  }
  /** Calls of the message before. */
  let open = new Set<JsonValue>();
  for (const [index, message] of messages.entries()) {
    const at = `messages[${index}]`;
    const role = isJsonObject(message) ? message.role : undefined;
    if (!isJsonObject(message) || (role !== "user" && role !== "assistant")) {
      report(`${at} has the unknown role ${shown(role)}`);
      continue;
    }
    const turn = index % 2 === 0 ? "user" : "assistant";
    if (role !== turn) report(`${at}: ${role}, but it is the turn of ${turn}`);
    checkText(message.content, at, report);
    checkParts(message.content, role === "user" ? userBlocks : assistantBlocks, at, report);
    const blocks = Array.isArray(message.content) ? message.content.filter(isJsonObject) : [];
    if (role === "user") {
      checkResults(blocks, open, at, report);
      if (!citations && blocks.some((block) => isFilledList(block.citations))) report(`${at}: citations of the user`);
    } else if (open.size > 0) report(`${at}: no result for ${[...open].map(shown).join(", ")}`);
    open = role === "assistant" ? callsOf(blocks, at, report) : new Set();
  }
  const last = messages.at(-1);
  if (isJsonObject(last) && last.role === "assistant") report("the last message is the assistant's");
}

/** Texts must say something, wherever they stand. */
function checkText(content: JsonValue | undefined, at: string, report: Report): void {
  if (typeof content === "string") {
    if (content.trim() === "") report(`${at}: an empty text`);
    return;
  }
  if (!Array.isArray(content)) return;
  for (const block of content) {
    if (isJsonObject(block) && block.type === "text" && (typeof block.text !== "string" || block.text.trim() === "")) {
      report(`${at}: an empty text`);
    }
  }
}

/** Every call of the message before has one result, and results come first. */
function checkResults(blocks: readonly JsonObject[], open: Set<JsonValue>, at: string, report: Report): void {
  let other = false;
  for (const block of blocks) {
    if (block.type !== "tool_result") {
      other = true;
      continue;
    }
    const { content, is_error: failed, tool_use_id: id = null } = block;
    if (other) report(`${at}: the result for ${shown(id)} does not stand first`);
    if (!open.delete(id)) report(`${at}: a result for ${shown(id)}, which nobody waits for`);
    if (failed === true && (!given(content) || content === "")) report(`${at}: an empty result that is an error`);
    if (!given(content) || typeof content === "string" || (Array.isArray(content) && content.length === 0)) continue;
    checkText(content, `${at}: in the result`, report);
    checkParts(content, resultBlocks, `${at}: in the result`, report);
  }
  if (open.size > 0) report(`${at}: no result for ${[...open].map(shown).join(", ")}`);
}

function callsOf(blocks: readonly JsonObject[], at: string, report: Report): Set<JsonValue> {
  const calls = new Set<JsonValue>();
  for (const block of blocks) {
    if (block.type !== "tool_use") continue;
    const { id = null, input, name } = block;
    if (typeof id !== "string" || !/^[a-zA-Z0-9_-]+$/.test(id)) report(`${at}: a call without an id that may be one`);
    if (!isFilled(name) || !isJsonObject(input)) report(`${at}: a call without name or input`);
    if (calls.has(id)) report(`${at}: the id ${shown(id)} stands twice`);
    calls.add(id);
  }
  return calls;
}
