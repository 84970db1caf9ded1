/** The search for secrets in all that a run tells would find one: with one form switched off, it comes out everywhere. */
import { inspect } from "node:util";
import { expect, test, vi } from "vitest";
import { eventsOf, taskPrompt } from "../../test/support/recorded-runs.ts";
import { recordingTelemetry } from "../../test/support/recording-telemetry.ts";
import { jsonLogger } from "../base/index.ts";
import { callTools, failWith, scriptedModel } from "../model/scripted/index.ts";
import { tool } from "../tool/index.ts";
import { startRun } from "./index.ts";

vi.mock("../base/secret-forms.ts", async (original) => {
  const real = await original<typeof import("../base/secret-forms.ts")>();
  const { Groq: _off, ...secretForms } = real.secretForms;
  return { ...real, secretForms };
});

const letters = "aB3dE6gH9jK2mN5pQ8sT1vW4yZaB3dE6gH9jK2mN5pQ8sT1vW4yZ";

/** A run whose tool and model throw what holds a key: its events, spans, log and error, as texts. */
async function toldWith(key: string): Promise<Readonly<Record<string, string>>> {
  const telemetry = recordingTelemetry(true);
  let log = "";
  const broken = tool({
    name: "broken",
    description: "Breaks.",
    effects: "none",
    handler: () => Promise.reject(new Error(`No ${key}`)),
  });
  const model = scriptedModel([callTools([{ name: "broken" }]), failWith(new Error(`Refused ${key}`))]);
  const run = startRun(taskPrompt({ tools: [broken] }), model, {
    telemetry,
    logger: jsonLogger({ write: (line: string) => (log += line) }),
    throttle: false,
  });
  const outcome = await run.outcome;
  if (outcome.status !== "failed") throw new Error("the run has not failed");
  const { error } = outcome;
  return {
    events: JSON.stringify(await eventsOf(run)),
    spans: JSON.stringify(telemetry.spans),
    log,
    text: String(error),
    stack: String(error.stack),
    json: JSON.stringify(error),
    inspected: inspect(error, { depth: 9 }),
  };
}

test.each(Object.keys(await toldWith("")))(
  "the switched off key comes out in the %s, and no other does",
  async (place) => {
    expect((await toldWith(`gsk_${letters}`))[place]).toContain(letters);
    expect((await toldWith(`xai-${letters}${letters.slice(0, 28)}`))[place]).not.toContain(letters.slice(0, 8));
  },
);
