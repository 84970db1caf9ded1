import type { Case, RunCase } from "./case.ts";
import { disclosures } from "./disclosure.ts";
import { examples } from "./examples.ts";
import { foundations } from "./foundations.ts";
import { limits } from "./limits.ts";
import { models } from "./models.ts";
import { overrides } from "./overrides.ts";
import ownerTable from "./owners.json" with { type: "json" };
import { pathsAndFiles } from "./paths-and-files.ts";
import { prompts } from "./prompts.ts";
import { resourceCases } from "./resources.ts";
import { serialisation } from "./serialisation.ts";
import { sliceFiles } from "./slice-files.ts";
import { state } from "./state.ts";

/** What runs the cases of a group, or a single case of the group `bug`, which has one for each. */
const runners: ReadonlyMap<string, RunCase> = new Map(
  [
    pathsAndFiles,
    foundations,
    prompts,
    disclosures,
    examples,
    limits,
    models,
    overrides,
    resourceCases,
    serialisation,
    sliceFiles,
    state,
  ].flatMap((part) => Object.entries(part)),
);

const { bug, ...groups } = ownerTable;
const owners: ReadonlyMap<string, string> = new Map([...Object.entries(groups), ...Object.entries(bug)]);

/** How a case is met: run it, or leave it to the part of the work that it belongs to. */
export type Meeting = { readonly run: RunCase } | { readonly pending: string };

/** Finds how a case is met; throws for one that nobody owns, so that none passes in silence. */
export function meetingOf({ id, group }: Pick<Case, "id" | "group">): Meeting {
  const key = group === "bug" ? id : group;
  const owner = owners.get(key);
  if (owner === undefined) throw new Error(`nobody owns ${key}: add it to owners.json, or run it`);
  const run = runners.get(key);
  return run === undefined ? { pending: owner } : { run };
}

/** The keys of all runners, for the proof that each has a case. */
export const runnerKeys: readonly string[] = [...runners.keys()];
