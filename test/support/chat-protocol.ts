/** What OpenAI's Chat Completions asks of a request, as a check that lists everything that is wrong with one. */

/** A value out of JSON, looked at field by field. */
type Json = Record<string, unknown>;

const isObject = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const namePattern = /^[a-zA-Z0-9_-]{1,64}$/;

const knownFields = new Set(
  (
    "model,messages,tools,tool_choice,parallel_tool_calls,response_format,temperature,top_p,seed,stop,presence_penalty," +
    "frequency_penalty,max_completion_tokens,max_tokens,reasoning_effort,verbosity,prompt_cache_key,safety_identifier," +
    "store,stream,user,metadata,service_tier,n"
  ).split(","),
);

/** Everything that is wrong with the body of a request, each as one sentence; empty when it is right. */
export function chatViolations(body: unknown): string[] {
  if (!isObject(body)) return ["the body is not a JSON object"];
  const wrong: string[] = [];
  for (const key of Object.keys(body)) if (!knownFields.has(key)) wrong.push(`unknown field ${key}`);
  if (typeof body.model !== "string" || body.model === "") wrong.push("model is not a name");
  if (body.stream === true) wrong.push("streaming is not spoken here");
  checkMessages(body.messages, wrong);
  checkTools(body, wrong);
  checkFormat(body.response_format, wrong);
  return wrong;
}

function checkMessages(messages: unknown, wrong: string[]): void {
  if (!Array.isArray(messages) || messages.length === 0) {
    wrong.push("messages is not a filled list");
    return;
  }
  /** Calls of the last assistant message that have no result yet. */
  let open = new Set<string>();
  const seen = new Set<string>();
  for (const [index, message] of messages.entries()) {
    const at = `messages[${index}]`;
    const role = isObject(message) ? message.role : undefined;
    if (!isObject(message)) {
      wrong.push(`${at} is not an object`);
      continue;
    }
    if (role !== "tool" && open.size > 0) {
      wrong.push(`${at}: no result for ${[...open].join(", ")} before the next message`);
      open = new Set();
    }
    if (role === "system") checkSystem(message, index, at, wrong);
    else if (role === "user") checkUser(message, at, wrong);
    else if (role === "assistant") open = checkAssistant(message, at, seen, wrong);
    else if (role === "tool") checkResult(message, at, open, wrong);
    else wrong.push(`${at} has the unknown role ${String(role)}`);
  }
  if (open.size > 0) wrong.push(`no result for ${[...open].join(", ")}`);
  const first = messages.find((message: Json) => message?.role !== "system");
  if (!isObject(first) || first.role !== "user")
    wrong.push("the first message after the system text is not the user's");
}

function checkSystem(message: Json, index: number, at: string, wrong: string[]): void {
  if (index !== 0) wrong.push(`${at}: system text after the first message`);
  if (typeof message.content !== "string" || message.content === "") wrong.push(`${at}: empty system text`);
}

function checkUser(message: Json, at: string, wrong: string[]): void {
  const { content } = message;
  if (typeof content === "string" ? content === "" : !Array.isArray(content) || content.length === 0) {
    wrong.push(`${at}: empty content`);
    return;
  }
  if (typeof content === "string") return;
  for (const part of content as unknown[]) {
    const type = isObject(part) ? part.type : undefined;
    if (!isObject(part) || typeof type !== "string" || !["text", "image_url", "file"].includes(type)) {
      wrong.push(`${at}: unknown part ${String(type)}`);
    } else if (part[type] === undefined) wrong.push(`${at}: a part ${type} without it`);
  }
}

function checkAssistant(message: Json, at: string, seen: Set<string>, wrong: string[]): Set<string> {
  const open = new Set<string>();
  const { content, tool_calls: calls } = message;
  if (calls === undefined) {
    if (typeof content !== "string") wrong.push(`${at}: neither text nor calls`);
    return open;
  }
  if (content !== null && content !== undefined && typeof content !== "string") wrong.push(`${at}: content is no text`);
  if (!Array.isArray(calls) || calls.length === 0) {
    wrong.push(`${at}: tool_calls is not a filled list`);
    return open;
  }
  for (const call of calls as unknown[]) {
    const fn = isObject(call) ? call.function : undefined;
    if (!isObject(call) || call.type !== "function" || !isObject(fn)) wrong.push(`${at}: a call that is no function`);
    else if (typeof call.id !== "string" || call.id === "") wrong.push(`${at}: a call without an id`);
    else if (typeof fn.name !== "string" || typeof fn.arguments !== "string") wrong.push(`${at}: call without name`);
    else {
      if (seen.has(call.id)) wrong.push(`${at}: the call id ${call.id} was used before`);
      seen.add(call.id);
      open.add(call.id);
    }
  }
  return open;
}

function checkResult(message: Json, at: string, open: Set<string>, wrong: string[]): void {
  const { tool_call_id: id, content } = message;
  if (typeof id !== "string" || !open.delete(id))
    wrong.push(`${at}: a result for ${String(id)}, which nobody waits for`);
  if (typeof content !== "string") wrong.push(`${at}: the result is no text`);
}

function checkTools(body: Json, wrong: string[]): void {
  const { tools } = body;
  if (tools === undefined) {
    for (const key of ["tool_choice", "parallel_tool_calls"]) if (key in body) wrong.push(`${key} without tools`);
    return;
  }
  if (!Array.isArray(tools) || tools.length === 0) {
    wrong.push("tools is not a filled list");
    return;
  }
  const names = new Set<unknown>();
  for (const [index, tool] of tools.entries()) {
    const fn = isObject(tool) ? tool.function : undefined;
    if (!isObject(tool) || tool.type !== "function" || !isObject(fn)) {
      wrong.push(`tools[${index}] is no function`);
      continue;
    }
    const { name, description, parameters, strict } = fn;
    const at = `tools[${index}] (${String(name)})`;
    if (typeof name !== "string" || !namePattern.test(name)) wrong.push(`${at}: not a name`);
    if (names.has(name)) wrong.push(`${at}: the name is taken`);
    names.add(name);
    if (typeof description !== "string" || description === "") wrong.push(`${at}: no description`);
    if (!isObject(parameters) || parameters.type !== "object") wrong.push(`${at}: parameters are no object schema`);
    else checkSchema(parameters, `${at}.parameters`, strict === true, wrong);
  }
}

function checkFormat(format: unknown, wrong: string[]): void {
  if (format === undefined) return;
  const schema = isObject(format) ? format.json_schema : undefined;
  if (isObject(format) && (format.type === "json_object" || format.type === "text")) return;
  if (!isObject(format) || format.type !== "json_schema" || !isObject(schema)) {
    wrong.push("response_format is of no known form");
    return;
  }
  if (typeof schema.name !== "string" || !namePattern.test(schema.name)) wrong.push("response_format: not a name");
  if (!isObject(schema.schema) || schema.schema.type !== "object") wrong.push("response_format: no object schema");
  else checkSchema(schema.schema, "response_format", schema.strict === true, wrong);
}

/** Every object at every level is closed; in strict mode it also requires all its fields. */
function checkSchema(node: unknown, at: string, strict: boolean, wrong: string[]): void {
  if (Array.isArray(node))
    for (const [index, inner] of node.entries()) checkSchema(inner, `${at}[${index}]`, strict, wrong);
  if (!isObject(node)) return;
  const { properties, required } = node;
  if (isObject(properties) && node.additionalProperties !== false)
    wrong.push(`${at}: additionalProperties is not false`);
  if (strict && isObject(properties)) {
    const listed = new Set(Array.isArray(required) ? required : []);
    if (!Object.keys(properties).every((name) => listed.has(name)))
      wrong.push(`${at}: strict, but not all is required`);
  }
  for (const key of strict ? ["default", "oneOf", "allOf", "propertyNames", "minLength", "maxLength"] : []) {
    if (key in node) wrong.push(`${at}: ${key} is unknown to strict mode`);
  }
  for (const key of ["items", "anyOf", "oneOf", "allOf", "additionalProperties"]) {
    checkSchema(node[key], `${at}.${key}`, strict, wrong);
  }
  for (const key of ["properties", "$defs"]) {
    const inner = node[key];
    if (!isObject(inner)) continue;
    for (const [name, value] of Object.entries(inner)) checkSchema(value, `${at}.${name}`, strict, wrong);
  }
}
