/** The review through each driver over its official client: the server says what the offline model said, and the same comes of it. */
import { beforeAll, describe, expect, test } from "vitest";
import type { JournalEntry, ModelResponded } from "../../src/journal/index.ts";
import {
  type LoopbackAnswer,
  type LoopbackServer,
  loopbackAnthropic,
  loopbackLiteLLM,
  loopbackOpenAI,
} from "../../src/testing/index.ts";
import { modelDrivers } from "../support/model-drivers.ts";
import { journalOf, makeFolder, type Ran, resultOf, review, reviewIn } from "./harness.ts";

/** What one run wrote and printed. */
interface Results {
  readonly review: unknown;
  readonly files: readonly string[];
  readonly calls: readonly string[];
}

let offline: Results;
let answers: readonly LoopbackAnswer[] = [];

/** The answer of a journal, as a server is to give it. */
function loopbackOf({ message }: Pick<ModelResponded, "message">): LoopbackAnswer {
  const calls = message.content.flatMap((part) => (part.type === "tool-call" ? [part] : []));
  const text = message.content.flatMap((part) => (part.type === "text" ? [part.text] : [])).join("");
  if (calls.length === 0) return { json: JSON.parse(text) };
  return { text, calls: calls.map(({ name, arguments: given }) => ({ name, arguments: given })) };
}

function resultsOf(ran: Ran): Results {
  expect(ran.exit).toBe(0);
  const entries = journalOf(ran.out) as readonly JournalEntry[]; // as: written by the run
  return {
    review: reviewIn(ran),
    files: ["review.md", "changes.patch"].map((name) => withoutNames(resultOf(ran, name))),
    calls: entries.flatMap((entry) => (entry.type === "tool/finished" ? [`${entry.name} ${entry.status}`] : [])),
  };
}

/** A report without what names the run and its model. */
const withoutNames = (text: string): string =>
  text.replaceAll(/in run [\w-]+|`?[\w-]+\/(?:offline|[\w/.-]*loopback[\w-]*)`?/g, "…");

beforeAll(async () => {
  using out = makeFolder();
  const ran = await review(out.path, { args: ["--json"] });
  offline = resultsOf(ran);
  const entries = journalOf(out.path) as readonly JournalEntry[]; // as: written by the run
  answers = entries.flatMap((entry) => (entry.type === "model/responded" ? [loopbackOf(entry)] : []));
});

test("there is something to compare", () => {
  expect(answers.length).toBeGreaterThan(3);
  expect(offline.calls.length).toBeGreaterThan(20);
  expect(offline.files.every((text) => text.length > 100)).toBe(true);
});

describe.each(modelDrivers)("through $name", (driver) => {
  test("the same is looked at, found and written", async () => {
    await using harness = await driver.open({ answers, settings: {}, apiKey: "loopback-key" });
    using out = makeFolder();
    const ran = await review(out.path, { args: ["--json"], model: harness.model });
    expect(harness.violations).toEqual([]);
    expect(harness.requests).toHaveLength(answers.length);
    expect(resultsOf(ran)).toEqual(offline);
  });
});

describe.each([
  ["openai", "OPENAI", loopbackOpenAI],
  ["openai-responses", "OPENAI", loopbackOpenAI],
  ["anthropic", "ANTHROPIC", loopbackAnthropic],
  ["litellm", "LITELLM", loopbackLiteLLM],
] as const)("--provider %s", (provider, variables, start) => {
  test("takes key and address from its own variables", async () => {
    await using server: LoopbackServer = await start({ answers });
    using out = makeFolder();
    const env = { [`${variables}_BASE_URL`]: server.baseURL, [`${variables}_API_KEY`]: server.apiKey };
    const ran = await review(out.path, { args: ["--provider", provider, "--model", "some-loopback", "--json"], env });
    expect(server.violations).toEqual([]);
    expect(resultsOf(ran)).toEqual(offline);
  });
});
