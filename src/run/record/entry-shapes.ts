import { isJsonObject } from "../../base/index.ts";
import type { JournalStep } from "../../journal/index.ts";
import { VisibilityCleared, VisibilitySet } from "../../prompt/index.ts";
import {
  amount,
  anything,
  byField,
  count,
  fields,
  flag,
  list,
  moment,
  object,
  oneOf,
  orNull,
  type Shape,
  text,
  values,
  whole,
} from "./shape.ts";

const texts = list(text);
const model = fields({ provider: text, name: text });
const specs = list(fields({ name: text, description: text, parameters: object }));
const usage = fields({
  "inputTokens?": amount,
  "cachedInputTokens?": amount,
  "cacheWriteTokens?": amount,
  "outputTokens?": amount,
  "reasoningTokens?": amount,
});
const atMost = fields({ inputTokens: amount, outputTokens: amount });
const error = fields({ "code?": text, "message?": text, "details?": object });

const textPart = fields({ text });
const result = fields({ type: oneOf("tool-result"), id: text, name: text, text, failed: flag });
const message = (role: string, parts: Readonly<Record<string, Shape>>): Shape =>
  fields({ role: oneOf(role), content: list(byField("type", parts)), "provider?": fields({ provider: text }) });
const userMessage = message("user", {
  text: textPart,
  image: fields({ mediaType: text, data: text }),
  file: fields({ mediaType: text, data: text, "name?": text }),
});
const assistantMessage = message("assistant", {
  text: textPart,
  "tool-call": fields({ id: text, name: text, arguments: text }),
});

/** Events of our own, which the library itself reads back; what others mean their reducers know. */
const ownPayloads = new Map<string, Shape>([
  [
    VisibilitySet.type,
    fields({ payload: fields({ prompt: text, section: text, visibility: oneOf("full", "summary") }) }),
  ],
  [VisibilityCleared.type, fields({ payload: fields({ prompt: text, "section?": text }) })],
]);
const named = fields({ type: text });
const event: Shape = (value) =>
  named(value) ?? (isJsonObject(value) ? ownPayloads.get(String(value.type)) : undefined)?.(value);

const finish = oneOf("stop", "tool-calls", "length", "refusal");

/** What an answer of a model must be so that the record can hold it. */
export const answerShape: Shape = fields({ message: assistantMessage, finish });

const stages = ["left-told", "costly-gone", "last-answer"];
const place = { turn: whole, index: whole, call: text, name: text };
const room = { "tokens?": amount, "most?": amount, "tools?": specs };

/** What a run that goes on needs of each entry, and what may be there; journals may be edited by anyone. */
export const entryShapes: Readonly<Record<JournalStep["type"], Shape>> = {
  "run/started": fields({
    prompt: text,
    definition: text,
    session: fields({ id: text, events: whole, "dump?": fields({ slices: list(fields({ name: text })) }) }),
    model,
    "tags?": texts,
    "parent?": fields({ run: text, call: text }),
    "branched?": fields({ run: text, turns: whole }),
  }),
  "resources/saved": fields({ resources: values(object) }),
  "content/kept": fields({ name: text, "text?": text, "base64?": text }),
  "prompt/rendered": fields({
    system: text,
    first: userMessage,
    tools: specs,
    sections: texts,
    summaries: texts,
    "answers?": values(oneOf("full", "summary")),
    "output?": orNull(object),
    "overrides?": fields({ tag: text, sections: texts, tools: texts, problems: texts }),
  }),
  "tools/joined": fields({ turn: whole, tools: specs }),
  "model/requested": fields({ turn: whole, "messages?": whole, digest: text, "model?": model }),
  "model/responded": fields({
    turn: whole,
    message: assistantMessage,
    finish,
    usage,
    "cost?": amount,
    "answeredBy?": text,
    "atMost?": atMost,
  }),
  "model/failed": fields({
    turn: whole,
    error,
    "attempt?": count,
    "waitMs?": amount,
    "fallback?": model,
    "atMost?": atMost,
    "summary?": fields({ messages: count, model }),
  }),
  "tool/intended": fields({
    ...place,
    effects: oneOf("none", "workspace", "idempotent", "compensable", "external"),
    arguments: anything,
    key: text,
    snapshots: values(text),
  }),
  "tool/finished": fields({
    ...place,
    status: oneOf("committed", "failed", "unknown", "refused"),
    result,
    "content?": text,
    events: list(event),
    changes: values(list(object)),
    "milliseconds?": amount,
  }),
  "tool/undone": fields({ call: text, name: text, ok: flag, "error?": text }),
  "question/asked": fields({
    ...place,
    question: text,
    kind: oneOf("ask", "outcome"),
    "schema?": object,
    "expires?": orNull(moment),
  }),
  "question/answered": fields({ question: text }),
  "answer/refused": fields({ question: text, "problem?": text }),
  "repair/requested": fields({ message: userMessage }),
  "wrap-up/begun": fields({
    turn: whole,
    stage: oneOf(...stages),
    "limit?": text,
    "most?": amount,
    "left?": amount,
    message: userMessage,
  }),
  "wrap-up/lifted": fields({ turn: whole, "stage?": orNull(oneOf(...stages)), message: userMessage }),
  "context/dropped": fields({ turn: whole, calls: texts, ...room }),
  "context/summarised": fields({
    turn: whole,
    messages: count,
    message: userMessage,
    "model?": model,
    "usage?": usage,
    "cost?": amount,
    "answeredBy?": text,
    "atMost?": atMost,
    "milliseconds?": amount,
    ...room,
  }),
  "run/finished": fields({
    status: oneOf("completed", "partial", "suspended", "refused", "failed", "aborted"),
    "turns?": whole,
    "usage?": usage,
    "text?": text,
    "reason?": text,
    "problem?": text,
    "error?": error,
  }),
};
