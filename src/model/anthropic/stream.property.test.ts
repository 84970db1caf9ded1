/** An answer in pieces is the same as the whole one, however it was cut. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { propertyRuns } from "../../../test/support/property-runs.ts";
import type { Model, ModelRequest } from "../index.ts";
import { anthropicModel } from "./index.ts";

const request: ModelRequest = {
  system: "",
  messages: [{ role: "user", content: [{ type: "text", text: "?" }] }],
  tools: [],
};
const open = new AbortController().signal;
const modelOf = (answer: unknown): Model =>
  anthropicModel({ client: { messages: { create: async () => answer } }, model: "m" });

interface Block {
  readonly type: string;
  readonly [field: string]: unknown;
}

const text = fc.string({ unit: "grapheme", maxLength: 30 });
const block: fc.Arbitrary<Block> = fc.oneof(
  fc.record({ type: fc.constant("text"), text }),
  fc.record({ type: fc.constant("thinking"), thinking: text, signature: fc.string({ minLength: 1 }) }),
  fc.record({ type: fc.constant("redacted_thinking"), data: fc.base64String({ minLength: 4 }) }),
  fc.record({
    type: fc.constant("tool_use"),
    id: fc.string({ minLength: 1 }),
    name: fc.string({ minLength: 1 }),
    input: fc.dictionary(fc.string(), fc.jsonValue()).map((input) => JSON.parse(JSON.stringify(input)) as object), // as: it was a dictionary
  }),
  fc.record({ type: fc.constant("server_tool_use"), id: fc.constant("s"), input: fc.constant({ query: "x" }) }),
);
const count = fc.option(fc.nat(10_000));
const message = fc.record({
  id: fc.constantFrom("msg_1", "msg_2"),
  type: fc.constant("message"),
  role: fc.constant("assistant"),
  content: fc.array(block, { maxLength: 6 }),
  stop_reason: fc.constantFrom("end_turn", "tool_use", "max_tokens", "refusal", "pause_turn"),
  stop_details: fc.constantFrom(null, { type: "refusal", explanation: "Not this." }),
  usage: fc.record({
    input_tokens: fc.nat(10_000),
    output_tokens: fc.nat(10_000),
    cache_read_input_tokens: count,
    cache_creation_input_tokens: count,
    output_tokens_details: fc.option(fc.record({ thinking_tokens: fc.nat(100) })),
  }),
});
type Whole = typeof message extends fc.Arbitrary<infer M> ? M : never;

/** Cuts a text at places that the numbers give. */
function pieces(whole: string, cuts: readonly number[]): string[] {
  const places = [...new Set(cuts.map((cut) => cut % (whole.length + 1)))].sort((a, b) => a - b);
  return [0, ...places].map((from, index) => whole.slice(from, places[index] ?? whole.length));
}

function eventsOf(whole: Whole, cuts: readonly number[], noise: boolean): object[] {
  const { content, stop_reason, stop_details, usage, ...head } = whole;
  const early = { ...usage, output_tokens: 1, output_tokens_details: null };
  const events: object[] = [
    { type: "message_start", message: { ...head, content: [], stop_reason: null, usage: early } },
  ];
  const deltas = (index: number, type: string, field: string, said: string): object[] =>
    pieces(said, cuts).map((piece) => ({ type: "content_block_delta", index, delta: { type, [field]: piece } }));
  for (const [index, one] of content.entries()) {
    const begin = (more: object): void => {
      events.push({ type: "content_block_start", index, content_block: { ...one, ...more } });
    };
    if (noise) events.push({ type: "ping" }, { type: "not_yet_known", index: 99 });
    if (one.type === "text") {
      begin({ text: "" });
      events.push(...deltas(index, "text_delta", "text", String(one.text)));
    } else if (one.type === "thinking") {
      begin({ thinking: "", signature: "" });
      events.push(...deltas(index, "thinking_delta", "thinking", String(one.thinking)));
      const delta = { type: "signature_delta", signature: one.signature };
      events.push({ type: "content_block_delta", index, delta });
    } else if ("input" in one) {
      begin({ input: {} });
      events.push(...deltas(index, "input_json_delta", "partial_json", JSON.stringify(one.input, null, noise ? 1 : 0)));
    } else begin({});
    events.push({ type: "content_block_stop", index });
  }
  events.push({ type: "message_delta", delta: { stop_reason, stop_details }, usage }, { type: "message_stop" });
  return events;
}

async function* streamOf(events: readonly object[]): AsyncGenerator<object> {
  yield* events;
}

/** Any answer is the same in one piece and in the events that `send` makes of it, each of which is told. */
const sameInPieces = (send: typeof eventsOf): fc.IAsyncProperty<[Whole, number[], boolean]> =>
  fc.asyncProperty(message, fc.array(fc.nat(40), { maxLength: 5 }), fc.boolean(), async (whole, cuts, noise) => {
    const seen: number[] = [];
    const onProgress = ({ characters }: { characters: number }): void => void seen.push(characters);
    const events = send(whole, cuts, noise);
    const streamed = await modelOf(streamOf(events)).generate(request, { signal: open, onProgress });
    expect(streamed).toEqual(await modelOf(whole).generate(request, { signal: open }));
    expect(seen).toHaveLength(events.length);
    expect(seen).toEqual(seen.toSorted((a, b) => a - b));
    const said = whole.content.map(({ text: one, thinking, data }) => String(one ?? thinking ?? data ?? "").length);
    expect(seen.at(-1) ?? 0).toBeGreaterThanOrEqual(said.reduce((sum, length) => sum + length, 0));
  });

test("random answers cut into random events equal the whole", async () => {
  await fc.assert(sameInPieces(eventsOf), { numRuns: propertyRuns });
});

test("a stream that ends before its last event is an error, wherever it ends", async () => {
  await fc.assert(
    fc.asyncProperty(message, fc.nat(), async (whole, at) => {
      const events = eventsOf(whole, [1], false);
      const cut = events.slice(0, at % events.length);
      const streamed = modelOf(streamOf(cut)).generate(request, { signal: open, onProgress: () => undefined });
      const code = cut.length === 0 ? "MODEL_RESPONSE_INVALID" : "MODEL_UNAVAILABLE";
      await expect(streamed).rejects.toMatchObject({ code });
    }),
    { numRuns: propertyRuns },
  );
});

test("the property finds an event that got lost", async () => {
  const lossy: typeof eventsOf = (...given) => {
    const events = eventsOf(...given);
    const lost = events.findIndex((event) => /"(?:text|partial_json)":"[^"]/.test(JSON.stringify(event)));
    return events.filter((_, index) => index !== lost);
  };
  await expect(fc.assert(sameInPieces(lossy), { numRuns: 200, endOnFailure: true })).rejects.toThrow();
});
