import fc from "fast-check";
import { expect, test } from "vitest";
import { propertyRuns } from "../../../test/support/property-runs.ts";
import type { ModelRequest, ModelResponse, Progress } from "../index.ts";
import { openaiModel } from "./index.ts";

const request: ModelRequest = {
  system: "",
  messages: [{ role: "user", content: [{ type: "text", text: "?" }] }],
  tools: [],
};
const open = new AbortController().signal;

/** What a client's answer, whole or in pieces, is read as. */
const read = (answer: unknown, onProgress?: (progress: Progress) => void): Promise<ModelResponse> =>
  openaiModel({ client: { chat: { completions: { create: async () => answer } } }, model: "m" }).generate(request, {
    signal: open,
    onProgress,
  });

const text = fc.string({ unit: "grapheme", maxLength: 30 });
const name = fc.string({ unit: fc.constantFrom("a", "b", "_"), minLength: 1, maxLength: 5 });
const call = fc.record({
  id: fc.constantFrom("c1", "c2", "c3", "", null),
  function: fc.record({ name, arguments: text }),
  extra_content: fc.option(fc.record({ google: fc.record({ thought_signature: text }) }), { nil: undefined }),
});
const message = fc.record(
  {
    content: fc.option(text),
    refusal: fc.option(text),
    reasoning_content: text,
    reasoning_details: fc.array(
      fc.record({ type: fc.constantFrom("reasoning.text", "reasoning.summary"), text, signature: text }),
      { maxLength: 3 },
    ),
    tool_calls: fc.array(call, { minLength: 1, maxLength: 4 }),
  },
  { requiredKeys: ["content"] },
);
const body = fc.record(
  {
    id: fc.constantFrom("chatcmpl-1", "", undefined),
    message,
    finish_reason: fc.constantFrom("stop", "length", "tool_calls", "content_filter"),
    usage: fc.record({ prompt_tokens: fc.nat(), completion_tokens: fc.nat() }),
  },
  { requiredKeys: ["message", "finish_reason"] },
);

type Body = typeof body extends fc.Arbitrary<infer T> ? T : never;
type Pick = () => number;

/** A text in pieces, one of them at least. */
function cut(whole: string, pick: Pick): string[] {
  const pieces: string[] = [];
  let rest = whole;
  if (pick() % 5 === 0) pieces.push("");
  do {
    const length = pick() % 3 === 0 ? rest.length : 1 + (pick() % (rest.length + 1));
    pieces.push(rest.slice(0, length));
    rest = rest.slice(length);
  } while (rest !== "");
  return pieces;
}

/** The deltas that say the same as a message, each kind in its order and the kinds among each other in any. */
function deltasOf(whole: Body["message"], pick: Pick): object[] {
  const { content, refusal, reasoning_content: thought, reasoning_details: details, tool_calls: calls } = whole;
  const queues: object[][] = [];
  if (typeof content === "string") queues.push(cut(content, pick).map((piece) => ({ content: piece })));
  if (typeof refusal === "string") queues.push(cut(refusal, pick).map((piece) => ({ refusal: piece })));
  if (thought !== undefined) queues.push(cut(thought, pick).map((piece) => ({ reasoning_content: piece })));
  if (details !== undefined) {
    queues.push([
      { reasoning_details: [] },
      ...details.flatMap(({ signature, ...detail }, index) => [
        ...cut(detail.text, pick).map((piece) => ({ reasoning_details: [{ ...detail, index, text: piece }] })),
        { reasoning_details: [{ type: detail.type, index, signature }] },
      ]),
    ]);
  }
  for (const [index, { function: fn, ...rest }] of (calls ?? []).entries()) {
    const [first, ...more] = cut(fn.arguments, pick);
    const pieces = [{ index, ...rest, type: "function", function: { name: fn.name, arguments: first } }];
    queues.push([...pieces, ...more.map((piece) => ({ index, function: { arguments: piece } }))].map(asCall));
  }
  const deltas: object[] = [{ role: "assistant", content: null }];
  let open = queues.filter(({ length }) => length > 0);
  while (open.length > 0) {
    const delta = open[pick() % open.length]?.shift();
    if (delta !== undefined) deltas.push(delta);
    open = open.filter(({ length }) => length > 0);
  }
  return deltas;
}

const asCall = (piece: object): object => ({ tool_calls: [piece] });

async function* chunksOf({ id, message, finish_reason: finish, usage }: Body, pick: Pick): AsyncGenerator<unknown> {
  for (const delta of deltasOf(message, pick)) {
    yield { id, choices: [{ index: 0, delta, finish_reason: null }], usage: null };
  }
  yield { id, choices: [{ index: 0, delta: {}, finish_reason: finish }], usage: null };
  yield { id, choices: [], ...(usage && { usage }) };
}

/** Any answer is the same in one piece and in the chunks that `send` makes of it. */
const sameInPieces = (send: typeof chunksOf): fc.IAsyncProperty<[Body, number[]]> =>
  fc.asyncProperty(body, fc.array(fc.nat(), { minLength: 1, maxLength: 50 }), async (whole, choices) => {
    let next = 0;
    const seen: number[] = [];
    const chunks = send(whole, () => choices[next++ % choices.length] ?? 0);
    const streamed = await read(chunks, ({ characters }) => seen.push(characters));
    const { message: said, ...facts } = whole;
    const details = said.reasoning_details?.map((detail, index) => ({ ...detail, index }));
    const given = details === undefined ? said : { ...said, reasoning_details: details };
    const inOnePiece = await read({ ...facts, choices: [{ message: given, finish_reason: whole.finish_reason }] });
    expect(streamed).toEqual(inOnePiece);
    const letters = [said.content, said.refusal, said.reasoning_content, ...(said.tool_calls ?? []).map(argumentsIn)];
    expect(seen.at(-1)).toBe(letters.join("").length);
    expect(seen).toEqual(seen.toSorted((a, b) => a - b));
  });

const argumentsIn = (given: { function: { arguments: string } }): string => given.function.arguments;

test("an answer cut into any chunks is read as the same answer in one piece", async () => {
  await fc.assert(sameInPieces(chunksOf), { numRuns: propertyRuns });
});

test("the property finds a chunk that was lost", async () => {
  async function* lossy(whole: Body, pick: Pick): AsyncGenerator<unknown> {
    let lost = false;
    for await (const chunk of chunksOf(whole, pick)) {
      if (lost || !/"arguments":".+"/.test(JSON.stringify(chunk))) yield chunk;
      else lost = true;
    }
  }
  await expect(fc.assert(sameInPieces(lossy), { numRuns: 200, endOnFailure: true })).rejects.toThrow();
});
