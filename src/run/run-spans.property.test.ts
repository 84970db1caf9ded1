/** No secret gets into a span, wherever it comes from. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { slowRuns } from "../../test/support/property-runs.ts";
import { taskPrompt } from "../../test/support/recorded-runs.ts";
import { recordingTelemetry } from "../../test/support/recording-telemetry.ts";
import { type PlantedSecret, samplesOfForms, secretOf } from "../../test/support/secret-samples.ts";
import { WinkError } from "../base/index.ts";
import { memoryJournal } from "../journal/index.ts";
import { callTools, failWith, say, scriptedModel } from "../model/scripted/index.ts";
import { createSession } from "../session/index.ts";
import { fail, ok, tool } from "../tool/index.ts";
import { startRun } from "./index.ts";
import { resultContent } from "./span-content.ts";

const secrets = fc.oneof(...samplesOfForms.map(secretOf));
/** What stands before a secret. */
const before = fc.oneof(fc.lorem(), fc.constantFrom("", '{"a":"', "(", "key: "));

const params = z.object({ text: z.string(), password: z.string().optional() });
const said = { description: "Says it.", effects: "none", params } as const;
const tools = [
  tool({ name: "good", ...said, handler: ({ text }) => ok(`It is ${text}`) }),
  tool({ name: "bad", ...said, handler: ({ text }) => fail(`Not with ${text}`) }),
  tool({ name: "broken", ...said, handler: ({ text }) => Promise.reject(new Error(`No ${text}`)) }),
];

/** A run that meets a secret everywhere: what its spans tell, and its journal, as text. */
async function meet(placed: string, { core }: PlantedSecret) {
  const telemetry = recordingTelemetry(true);
  const journal = memoryJournal();
  const given = { text: placed, password: core };
  const model = scriptedModel(
    [
      callTools(tools.map(({ name }, index) => ({ name, arguments: given, id: `${index}-${placed}` }))),
      callTools([{ name: "good", arguments: { text: placed } }], { text: placed }),
      say(placed, { finish: "length" }),
      failWith(new WinkError("MODEL_REJECTED", { problem: placed })),
    ],
    { name: `model-${placed}` },
  );
  const session = createSession({ id: placed });
  for (const prompt of [taskPrompt({ tools, body: placed.replaceAll("{", "(") }), taskPrompt({ tools })]) {
    await startRun(prompt, model, { telemetry, journal, session, throttle: false }).outcome;
  }
  const runs = await journal.runs();
  const entries = await Promise.all(runs.map((run) => journal.read(run)));
  return { spans: telemetry.spans, told: JSON.stringify(telemetry.spans), kept: JSON.stringify(entries) };
}

/** No piece of a secret as long as this may be seen. */
const longestPiece = 8;
const piecesOf = (core: string): string[] =>
  Array.from({ length: core.length - longestPiece + 1 }, (_, at) => core.slice(at, at + longestPiece));
const leaks = ({ core }: PlantedSecret, text: string): string[] =>
  piecesOf(core).filter((piece) => text.includes(piece));

describe("no secret is told", () => {
  test("in what is said, given, answered, thrown, or in names and ids", { timeout: 3_600_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(secrets, before, async (secret, text) => {
        const { spans, told, kept } = await meet(`${text} ${secret.text}`, secret);
        expect(leaks(secret, told)).toEqual([]);
        expect(spans.length).toBe(10);
        // the journal is exact: had the spans told what it holds, they would have been found
        expect(leaks(secret, kept)).not.toEqual([]);
      }),
      { numRuns: slowRuns(8, 10) },
    );
  });

  test("where a text is cut, of which half a secret would be left", () => {
    fc.assert(
      fc.property(secrets, (secret) => {
        for (let from = 16_384 - secret.text.length; from < 16_384; from += 7) {
          const text = `${"word ".repeat(from).slice(0, from - 1)} ${secret.text} behind`;
          expect(leaks(secret, resultContent(text)["gen_ai.tool.call.result"] ?? "")).toEqual([]);
        }
      }),
      { numRuns: slowRuns(20, 0.2) },
    );
  });
});
