/** What Chat Completions asks of a request, as a check that lists everything that is wrong with one. */
import { isJsonObject, type JsonObject, type JsonValue } from "../../../base/index.ts";
import {
  type CallLedger,
  callLedger,
  checkFields,
  checkNumber,
  checkParts,
  given,
  isFilled,
  isFilledList,
  names,
  type Report,
  shown,
} from "../checks.ts";
import { checkFunction, checkSchemaFormat, checkSpeaksOfJson, checkToolList } from "./openai-schemas.ts";

/** Fields that servers know beside those of OpenAI. */
export interface ChatFields {
  readonly ofBody: ReadonlySet<string>;
  readonly ofMessages: ReadonlySet<string>;
}

const bodyFields = names(
  "messages,model,audio,frequency_penalty,function_call,functions,logit_bias,logprobs,max_completion_tokens,max_tokens,metadata," +
    "modalities,moderation,n,parallel_tool_calls,prediction,presence_penalty,prompt_cache_key,prompt_cache_options," +
    "prompt_cache_retention,reasoning_effort,response_format,safety_identifier,seed,service_tier,stop,store,stream," +
    "stream_options,temperature,tool_choice,tools,top_logprobs,top_p,user,verbosity,web_search_options",
);
/** `reasoning_content` and `extra_content` are those of servers that call themselves compatible. */
const messageFields = new Map(
  Object.entries({
    system: "role,content,name",
    developer: "role,content,name",
    user: "role,content,name",
    assistant:
      "role,content,name,refusal,audio,annotations,tool_calls,reasoning_content,reasoning_details,extra_content",
    tool: "role,content,tool_call_id",
  }).map(([role, fields]) => [role, names(fields)]),
);
const textParts = { text: "text" };
const userParts = { text: "text", image_url: "image_url", input_audio: "input_audio", file: "file" };

/** Reports everything that is wrong with the body of a request. */
export function checkChat(body: JsonObject, more: ChatFields, report: Report): void {
  checkFields(body, [bodyFields, more.ofBody], "", report);
  if (!isFilled(body.model)) report("model is not a name");
  checkMessages(body.messages, more, report);
  const offered = (tool: JsonObject, taken: Set<JsonValue>, at: string): void => {
    if (tool.type === "function" && isJsonObject(tool.function)) checkFunction(tool.function, taken, at, report);
    else if (tool.type !== "custom") report(`${at} is no function`);
  };
  checkToolList(body, offered, ({ function: fn }) => (isJsonObject(fn) ? fn.name : undefined), report);
  checkFormat(body, report);
  checkNumber(body, "temperature", 0, 2, report);
  checkNumber(body, "top_p", 0, 1, report);
  checkNumber(body, "max_tokens", 1, 2 ** 31, report);
  checkNumber(body, "max_completion_tokens", 1, 2 ** 31, report);
  checkNumber(body, "n", 1, 1, report); // this server gives one answer
  if (given(body.max_tokens) && given(body.max_completion_tokens)) report("max_tokens beside max_completion_tokens");
  if (given(body.stream_options) && body.stream !== true) report("stream_options without stream");
}

function checkMessages(messages: JsonValue | undefined, more: ChatFields, report: Report): void {
  if (!isFilledList(messages)) {
    report("messages is not a filled list");
    return;
  }
  const calls = callLedger(report);
  for (const [index, message] of messages.entries()) {
    const at = `messages[${index}]`;
    if (!isJsonObject(message)) {
      report(`${at} is not an object`);
      continue;
    }
    const { role } = message;
    const fields = typeof role === "string" ? messageFields.get(role) : undefined;
    if (fields === undefined) {
      report(`${at} has the unknown role ${shown(role)}`);
      continue;
    }
    checkFields(message, [fields, more.ofMessages], `${at}: `, report);
    if (role === "tool") {
      calls.answered(message.tool_call_id ?? null, at);
      checkParts(message.content, textParts, at, report);
      continue;
    }
    calls.settled(`${at}: before it, `);
    if (role === "assistant") checkAssistant(message, at, calls, report);
    else checkParts(message.content, role === "user" ? userParts : textParts, at, report);
  }
  calls.settled("");
}

function checkAssistant(message: JsonObject, at: string, ledger: CallLedger, report: Report): void {
  const { content, refusal, tool_calls: calls } = message;
  if (given(content)) checkParts(content, { text: "text", refusal: "refusal" }, at, report);
  else if (!given(calls) && !given(refusal)) report(`${at}: neither text nor calls`);
  if (!given(calls)) return;
  if (!isFilledList(calls)) report(`${at}: tool_calls is not a filled list`);
  else for (const [index, call] of calls.entries()) checkCall(call, `${at}.tool_calls[${index}]`, ledger, report);
}

function checkCall(call: JsonValue, at: string, ledger: CallLedger, report: Report): void {
  const fn = isJsonObject(call) ? call.function : undefined;
  if (!isJsonObject(call) || call.type !== "function" || !isJsonObject(fn)) {
    report(`${at} is no call of a function`);
    return;
  }
  if (!isFilled(call.id)) {
    report(`${at}: a call without an id`);
    return;
  }
  if (!isFilled(fn.name) || typeof fn.arguments !== "string") report(`${at}: a call without name or arguments`);
  ledger.called(call.id, at);
}

function checkFormat(body: JsonObject, report: Report): void {
  const { response_format: format } = body;
  if (!given(format)) return;
  const type = isJsonObject(format) ? format.type : undefined;
  if (type === "json_object") checkSpeaksOfJson(body.messages, "response_format", report);
  else if (isJsonObject(format) && type === "json_schema" && isJsonObject(format.json_schema)) {
    checkSchemaFormat(format.json_schema, "response_format", report);
  } else if (type !== "text") report("response_format is of no known form");
}
