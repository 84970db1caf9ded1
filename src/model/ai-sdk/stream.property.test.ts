import fc from "fast-check";
import { expect, test } from "vitest";
import { propertyRuns } from "../../../test/support/property-runs.ts";
import type { GenerateOptions, ModelRequest, Progress } from "../index.ts";
import { type AiSdkLanguageModel, aiSdkModel } from "./index.ts";

const request: ModelRequest = {
  system: "",
  messages: [{ role: "user", content: [{ type: "text", text: "?" }] }],
  tools: [],
};
const { signal } = new AbortController();

const metadata = fc.option(fc.record({ acme: fc.dictionary(fc.string(), fc.string(), { maxKeys: 2 }) }), {
  nil: undefined,
});
const said = fc.record({ type: fc.constantFrom("text", "reasoning"), text: fc.string(), providerMetadata: metadata });
const call = fc.record({
  type: fc.constant("tool-call"),
  toolCallId: fc.string(),
  toolName: fc.constantFrom("add", "look"),
  input: fc.json({ maxDepth: 1 }),
  providerExecuted: fc.boolean(),
  providerMetadata: metadata,
});
const result = fc.record({
  type: fc.constant("tool-result"),
  toolCallId: fc.string(),
  toolName: fc.constant("search"),
  result: fc.jsonValue({ maxDepth: 1 }),
});
const file = fc.record({ type: fc.constant("file"), mediaType: fc.constant("image/png"), data: fc.base64String() });
const source = fc.record({ type: fc.constant("source"), id: fc.string(), url: fc.constant("https://example.org") });
type Part = Readonly<Record<string, unknown>>;

const answers = fc.record({
  content: fc.array(fc.oneof(said, call, result, file, source) as fc.Arbitrary<Part>, { maxLength: 6 }), // as: of all kinds
  finishReason: fc.constantFrom("stop", "length", "tool-calls", "content-filter", "other"),
  usage: fc.record({ inputTokens: fc.option(fc.nat(), { nil: undefined }), outputTokens: fc.nat() }),
  response: fc.record({ id: fc.option(fc.string(), { nil: undefined }) }),
});
type Answer = typeof answers extends fc.Arbitrary<infer A> ? A : never;

/** The parts of a stream that say the same: each text cut at random places, and pieces of neighbours mixed. */
function cut({ content, ...rest }: Answer, random: () => number): object[] {
  const lanes = content.map((part, index): object[] => {
    const id = String(index);
    if (part.type === "tool-call") {
      const deltas = pieces(String(part.input), random).map((delta) => ({
        type: "tool-input-delta",
        id: part.toolCallId,
        delta,
      }));
      const begin = { type: "tool-input-start", id: part.toolCallId, toolName: part.toolName };
      return random() < 0.5 ? [part] : [part, begin, ...deltas, { type: "tool-input-end", id: part.toolCallId }];
    }
    if (part.type !== "text" && part.type !== "reasoning") return [part];
    const { type, text, providerMetadata } = part;
    const deltas = pieces(String(text), random).map((delta) => ({ type: `${type}-delta`, id, delta }));
    return [{ type: `${type}-start`, id }, ...deltas, { type: `${type}-end`, id, providerMetadata }];
  });
  const heads = lanes.map(() => 0);
  const mixed: object[] = [
    { type: "stream-start", warnings: [] },
    { type: "response-metadata", ...rest.response },
  ];
  for (let first = 0; first < lanes.length; ) {
    // a block begins when all before it have begun, so that the order of beginnings is that of the answer
    const lane = first + Math.floor(random() * 2);
    const begun = lane < lanes.length && heads.slice(0, lane).every((head) => head > 0);
    const chosen = begun ? lane : first;
    const part = lanes[chosen]?.[heads[chosen] ?? 0];
    if (part !== undefined)
      mixed.push(part, ...(random() < 0.1 ? [{ type: "raw", rawValue: 1 }, { type: "ping" }] : []));
    heads[chosen] = (heads[chosen] ?? 0) + 1;
    while (first < lanes.length && (heads[first] ?? 0) >= (lanes[first]?.length ?? 0)) first++;
  }
  return [...mixed, { type: "finish", finishReason: rest.finishReason, usage: rest.usage }];
}

function pieces(text: string, random: () => number): string[] {
  const cuts: string[] = [];
  for (let rest = text; rest !== ""; ) {
    const length = Math.floor(random() * 4);
    cuts.push(rest.slice(0, length));
    rest = rest.slice(length);
  }
  return cuts;
}

function modelOf(answer: Answer, parts: readonly object[]): AiSdkLanguageModel {
  return {
    specificationVersion: "v2",
    provider: "acme.chat",
    modelId: "m",
    doGenerate: async () => answer,
    doStream: async () => ({ stream: ReadableStream.from(parts) }),
  };
}

/** Numbers from 0 to 1, the same for the same seed. */
function chance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

/** The response, or the message of the error. */
const outcome = (model: AiSdkLanguageModel, options: GenerateOptions): Promise<unknown> =>
  aiSdkModel({ model })
    .generate(request, options)
    .catch(({ message }: Error) => message);

test("an answer that comes in pieces is the same as the whole", async () => {
  await fc.assert(
    fc.asyncProperty(answers, fc.integer({ min: 1, max: 1e9 }), async (answer, seed) => {
      const parts = cut(answer, chance(seed));
      const model = modelOf(answer, parts);
      const progress: number[] = [];
      const onProgress = ({ characters }: Progress): void => void progress.push(characters);
      expect(await outcome(model, { signal, onProgress })).toEqual(await outcome(model, { signal }));
      expect(progress).toHaveLength(parts.length);
      expect(progress).toEqual(progress.toSorted((a, b) => a - b));
    }),
    { numRuns: propertyRuns },
  );
});

test("the property finds a piece that is lost", async () => {
  const answer: Answer = {
    content: [{ type: "text", text: "whole", providerMetadata: undefined }],
    finishReason: "stop",
    usage: { inputTokens: 1, outputTokens: 1 },
    response: { id: "a" },
  };
  const parts = cut(answer, () => 0.5);
  const model = modelOf(
    answer,
    parts.filter((part) => !("delta" in part && part.delta === "ol")),
  );
  const onProgress = (): void => undefined;
  expect(parts).not.toHaveLength(0);
  expect(await outcome(model, { signal, onProgress })).not.toEqual(await outcome(model, { signal }));
});
