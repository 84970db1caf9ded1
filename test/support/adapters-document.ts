import type { ModelCapability, ModelConformanceCase } from "../../src/testing/index.ts";

/** What the run of the suite for one driver came to. */
export interface DriverFound {
  readonly name: string;
  /** The package of the client that it was tested with. */
  readonly client: string;
  readonly cases: readonly ModelConformanceCase[];
  readonly passed: ReadonlySet<ModelConformanceCase>;
}

const head = `# Drivers, and what each of them does

<!-- Written by \`npm run docs:adapters\` from what the conformance suite found. -->

Each driver goes through \`modelConformance\` of \`weakincentives/testing\`, with the client named below over a
[loopback server](testing-providers.md) that checks all that it is sent. What is said here has passed there. What a provider's model does
with it is another matter.
`;

const capabilities: Readonly<Record<ModelCapability, string>> = {
  tools: "tools",
  parallelCalls: "several calls in one answer",
  toolChoice: "calls can be demanded",
  nativeOutput: "typed answers, by a field of the provider's",
  outputByTool: "typed answers, as the input of a tool",
  outputInWords: "typed answers, asked for in words",
  streaming: "streams when it is given `onProgress`",
  reasoningEcho: "thoughts go back to the model",
  images: "images",
  files: "files",
  refusals: "tells refusals from answers",
  filters: "tells answers that a filter stopped",
  anyKey: "keeps keys of any form out of errors",
  cachedTokens: "tells cached tokens",
  cacheWrites: "tells tokens written to the cache",
  reasoningTokens: "tells tokens of reasoning",
  cost: "tells what an answer cost",
};

/** The text of docs/adapters.md: what the suite found of each driver, and what it asks of all. */
export function adaptersDocument(found: readonly DriverFound[]): string {
  const row = (cells: readonly string[]): string => `| ${cells.join(" | ")} |\n`.replace("|  |", "| |");
  const names = Object.keys(capabilities) as ModelCapability[]; // as: the record has these keys only
  const table = [
    row(["", ...found.map(({ name }) => name)]),
    `|---|${"---|".repeat(found.length)}\n`,
    row(["client", ...found.map(({ client }) => client)]),
    ...names.map((name) => row([capabilities[name], ...found.map((driver) => cell(driver, name))])),
  ].join("");
  return `${head}\n${table}\n## What all of them do\n\n${list(found)}`;
}

function cell({ cases, passed }: DriverFound, capability: ModelCapability): string {
  const own = cases.filter((each) => each.capability === capability);
  if (own.every(({ claimed }) => !claimed)) return "–";
  return own.every((each) => !each.claimed || passed.has(each)) ? "yes" : "no";
}

/** The claims that no capability is needed for, and that every driver keeps. */
function list(found: readonly DriverFound[]): string {
  const claims = new Set(found.flatMap(({ cases }) => cases.flatMap((each) => (each.capability ? [] : [each.claim]))));
  const kept = [...claims].filter((claim) =>
    found.every(({ cases, passed }) =>
      cases.every((each) => each.claim !== claim || !each.claimed || passed.has(each)),
    ),
  );
  return kept.map((claim) => `- ${claim}\n`).join("");
}
