/** What the Messages API asks of the messages: whose turn it is, what may stand in it, and a result for every call. */
import { isJsonObject, type JsonObject, type JsonValue } from "../../../base/index.ts";
import {
  type CallLedger,
  callLedger,
  checkParts,
  given,
  isFilled,
  isFilledList,
  objectsIn,
  type Report,
  shown,
} from "../checks.ts";

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
  const calls = callLedger(report);
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
    const blocks = objectsIn(message.content);
    if (role === "user") checkResults(blocks, calls, at, report);
    calls.settled(`${at}: `);
    if (role === "assistant") checkCalls(blocks, calls, at, report);
    else if (!citations && blocks.some((block) => isFilledList(block.citations)))
      report(`${at}: citations of the user`);
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
function checkResults(blocks: readonly JsonObject[], calls: CallLedger, at: string, report: Report): void {
  let other = false;
  for (const block of blocks) {
    if (block.type !== "tool_result") {
      other = true;
      continue;
    }
    const { content, is_error: failed, tool_use_id: id = null } = block;
    if (other) report(`${at}: the result for ${shown(id)} does not stand first`);
    calls.answered(id, at);
    if (failed === true && (!given(content) || content === "")) report(`${at}: an empty result that is an error`);
    if (!given(content) || typeof content === "string" || (Array.isArray(content) && content.length === 0)) continue;
    checkText(content, `${at}: in the result`, report);
    checkParts(content, resultBlocks, `${at}: in the result`, report);
  }
}

function checkCalls(blocks: readonly JsonObject[], calls: CallLedger, at: string, report: Report): void {
  for (const block of blocks) {
    if (block.type !== "tool_use") continue;
    const { id = null, input, name } = block;
    if (typeof id !== "string" || !/^[a-zA-Z0-9_-]+$/.test(id)) report(`${at}: a call without an id that may be one`);
    if (!isFilled(name) || !isJsonObject(input)) report(`${at}: a call without name or input`);
    calls.called(id, at);
  }
}
