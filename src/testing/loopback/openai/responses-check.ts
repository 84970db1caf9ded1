/** What the Responses API asks of a request, as a check that lists everything that is wrong with one. */
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
  textOf,
} from "../checks.ts";
import { checkReasoning, type GivenReasoning } from "./given-reasoning.ts";
import { checkFunction, checkSchemaFormat, checkSpeaksOfJson, checkToolList } from "./openai-schemas.ts";

/** What a server remembers of its responses. */
export interface GivenResponses extends GivenReasoning {
  /** The ids of the calls of each response that is stored. */
  readonly calls: Map<string, readonly string[]>;
}

const bodyFields = names(
  "access_programs,background,context_management,conversation,image,include,input,instructions,max_output_tokens,max_tool_calls," +
    "metadata,model,moderation,parallel_tool_calls,previous_response_id,prompt,prompt_cache_key,prompt_cache_options," +
    "prompt_cache_retention,reasoning,safety_identifier,service_tier,store,stream,stream_options,temperature,text," +
    "tool_choice,tools,top_logprobs,top_p,truncation,user",
);
const notSpoken = ["background", "conversation", "prompt"];
const itemFields = new Map(
  Object.entries({
    message: "type,id,role,content,status,phase",
    function_call: "type,id,call_id,name,arguments,status,namespace,caller,async",
    function_call_output: "type,id,call_id,output,status,name,namespace,caller",
    reasoning: "type,id,summary,content,encrypted_content,status",
    item_reference: "type,id",
  }).map(([type, fields]) => [type, names(fields)]),
);
const inputParts = { input_text: "text", input_image: "", input_file: "" };
const outputParts = { output_text: "text", refusal: "refusal" };

/** Reports everything that is wrong with the body of a request. */
export function checkResponses(body: JsonObject, memory: GivenResponses, report: Report): void {
  checkFields(body, [bodyFields], "", report);
  for (const name of notSpoken) if (given(body[name]) && body[name] !== false) report(`${name} is not spoken here`);
  if (!isFilled(body.model)) report("model is not a name");
  if (given(body.instructions) && typeof body.instructions !== "string") report("instructions is no text");
  checkInput(body, memory, report);
  const offered = (tool: JsonObject, taken: Set<JsonValue>, at: string): void => {
    if (tool.type === "function") checkFunction(tool, taken, at, report);
    else if (!isFilled(tool.type)) report(`${at} has no type`);
  };
  checkToolList(body, offered, ({ name }) => name, report);
  checkText(body, report);
  checkNumber(body, "temperature", 0, 2, report);
  checkNumber(body, "top_p", 0, 1, report);
  checkNumber(body, "max_output_tokens", 16, 2 ** 31, report);
  if (given(body.stream_options) && body.stream !== true) report("stream_options without stream");
}

function checkInput(body: JsonObject, memory: GivenResponses, report: Report): void {
  const { input, previous_response_id: previous } = body;
  const before = typeof previous === "string" ? memory.calls.get(previous) : [];
  if (before === undefined) report(`the previous response ${shown(previous)} is not stored`);
  const calls = callLedger(report);
  for (const id of new Set(before)) calls.called(id, "");
  if (isFilledList(input)) {
    for (const [index, item] of input.entries()) checkItem(item, `input[${index}]`, calls, memory, report);
    checkReasoning(input, memory, report);
  } else if (typeof input !== "string") report("input is neither a text nor a filled list");
  calls.settled("");
}

function checkItem(item: JsonValue, at: string, calls: CallLedger, memory: GivenResponses, report: Report): void {
  if (!isJsonObject(item)) {
    report(`${at} is not an object`);
    return;
  }
  const type = item.type ?? "message";
  const fields = typeof type === "string" ? itemFields.get(type) : undefined;
  if (fields === undefined) {
    report(`${at} has the unknown type ${shown(type)}`);
    return;
  }
  checkFields(item, [fields], `${at}: `, report);
  const { call_id: call = null } = item;
  switch (type) {
    case "message":
      checkMessage(item, at, report);
      return;
    case "item_reference":
      if (!memory.stored.has(textOf(item.id))) report(`${at}: the item ${shown(item.id)} is not stored`);
      return;
    case "function_call":
      if (!isFilled(call)) report(`${at}: a call without call_id`);
      if (!isFilled(item.name) || typeof item.arguments !== "string") report(`${at}: a call without name or arguments`);
      calls.called(call, at);
      return;
    case "function_call_output":
      calls.answered(call, at);
      checkParts(item.output, inputParts, at, report);
  }
}

function checkMessage(message: JsonObject, at: string, report: Report): void {
  const { role } = message;
  if (role === "assistant") checkParts(message.content, outputParts, at, report);
  else if (role === "user" || role === "system" || role === "developer") {
    checkParts(message.content, inputParts, at, report);
  } else report(`${at} has the unknown role ${shown(role)}`);
}

function checkText({ input, instructions, text }: JsonObject, report: Report): void {
  if (!given(text)) return;
  if (!isJsonObject(text)) {
    report("text is not an object");
    return;
  }
  checkFields(text, [names("format,verbosity")], "text: ", report);
  const { format } = text;
  if (!given(format)) return;
  const type = isJsonObject(format) ? format.type : undefined;
  if (isJsonObject(format) && type === "json_schema") checkSchemaFormat(format, "text.format", report);
  else if (type === "json_object") checkSpeaksOfJson([input ?? "", instructions ?? ""], "text.format", report);
  else if (type !== "text") report("text.format is of no known form");
}
