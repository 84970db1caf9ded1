/** The one way in which runs get overrides: load, match, apply, tell. */
import { type Logger, type LogLevel, silentLogger, WinkError } from "../../base/index.ts";
import type { Prompt } from "../bind.ts";
import { applyOverrides } from "./apply-overrides.ts";
import type { OverrideProblem } from "./judge-entry.ts";
import { type MatchedOverrides, matchOverrides } from "./match-overrides.ts";
import type { OverrideStore } from "./override-store.ts";

/** What {@link resolveOverrides} takes. */
export interface ResolveOptions {
  readonly store: OverrideStore;
  /** `latest` unless told. */
  readonly tag?: string | undefined;
  /** Is told what applies, and of each problem once a store. */
  readonly logger?: Logger | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** A prompt with its overrides, and what became of them. */
export interface ResolvedOverrides<Output, Params> {
  readonly prompt: Prompt<Output, Params>;
  readonly tag: string;
  /** Paths of sections and names of tools that now say something else than the code. */
  readonly applied: { readonly sections: readonly string[]; readonly tools: readonly string[] };
  /** Entries that do not apply, and why. */
  readonly problems: readonly OverrideProblem[];
}

/**
 * Gives the prompt with the overrides of one tag, and without those that an earlier call gave it. Entries that do not apply
 * are told and left out; a file or an entry that is malformed throws `OVERRIDES_INVALID`.
 */
export async function resolveOverrides<Output, Params>(
  prompt: Prompt<Output, Params>,
  options: ResolveOptions,
): Promise<ResolvedOverrides<Output, Params>> {
  const { store, tag = "latest", logger = silentLogger, signal } = options;
  requireStore(store);
  const { ns, key, name, template } = prompt;
  const file = await store.load({ ns, key, tag }, { signal });
  const matched = file === undefined ? none : matchOverrides(template, file);
  const applied = { sections: [...matched.sections.keys()], tools: [...matched.tools.keys()] };
  if (logger !== silentLogger) tellProblems(matched.problems, { store, logger, name, tag });
  if (applied.sections.length + applied.tools.length > 0) {
    tell(logger, "info", "prompt_override_resolved", { prompt: name, tag, ...applied });
  }
  return { prompt: applyOverrides(prompt, matched), tag, applied, problems: matched.problems };
}

/** Where types are not checked, the store is forgotten easily. */
function requireStore(store: OverrideStore | undefined): void {
  if (typeof store?.load === "function") return;
  throw new WinkError("INPUT_INVALID", {
    at: "overrides",
    problem: "There is no store to take them from",
    expected: "a store of overrides",
    received: typeof store,
    example: "overrides: { store: localOverrides({ root }) }",
  });
}

const none: MatchedOverrides = { sections: new Map(), tools: new Map(), problems: [] };

interface Telling {
  readonly store: OverrideStore;
  readonly logger: Logger;
  readonly name: string;
  readonly tag: string;
}

/** A problem lasts until somebody edits, and runs are many: each is told once. */
function tellProblems(problems: readonly OverrideProblem[], { store, logger, name, tag }: Telling): void {
  const before = told.get(store) ?? new Set();
  told.set(store, before);
  for (const problem of problems) {
    const facts = { prompt: name, tag, ...problem };
    const mark = JSON.stringify(facts);
    if (before.has(mark)) continue;
    tell(logger, "warn", problem.kind === "stale" ? "prompt_override_stale" : "prompt_override_unknown", facts);
    before.add(mark);
  }
}

/** A log that cannot be written must not end a run: what was told is in its journal as well. */
function tell(logger: Logger, level: LogLevel, name: string, facts: Parameters<Logger["log"]>[2]): void {
  try {
    logger.log(level, name, facts);
  } catch {
    // nobody hears it
  }
}

const told = new WeakMap<OverrideStore, Set<string>>();
