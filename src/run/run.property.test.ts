/**
 * Random mixes of calls, failures, time-outs and aborts, against a model that does one call after the other. Whatever
 * happens, session, files and transcript are those of the calls that the journal calls committed, in call order, and
 * every call has exactly one result.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { type Closable, filesIn } from "../../test/support/files-in-folder.ts";
import { propertyRuns, slowRuns } from "../../test/support/property-runs.ts";
import { type Filesystem, files, hostFiles, memoryFiles, mountHost, overlayFiles } from "../files/index.ts";
import { type JournalEntry, memoryJournal, type ToolFinished } from "../journal/index.ts";
import type { Message } from "../model/index.ts";
import { answerWith, callTools, say, scriptedModel } from "../model/scripted/index.ts";
import { definePrompt, section } from "../prompt/index.ts";
import { appendAll, createSession, event, slice } from "../session/index.ts";
import { createFakeClock } from "../testing/fake-clock.ts";
import { fail, ok, tool } from "../tool/index.ts";
import { startRun } from "./index.ts";

const Noted = event("test/noted", z.object({ note: z.int() }));
const notes = slice({ name: "notes", item: Noted.schema, reducers: (on) => [on(Noted, appendAll())] });

/** What one call does, as data that stands in its arguments. */
const planShape = z.object({
  /** How many ticks pass before each step. */
  pause: z.int(),
  notes: z.array(z.int()),
  writes: z.array(z.object({ path: z.string(), text: z.string().nullable() })),
  end: z.enum(["ok", "fail", "throw", "time-out", "abort"]),
});
type Plan = z.infer<typeof planShape>;
interface Call {
  readonly name: "look" | "change" | "missing" | "wrong";
  readonly plan: Plan;
}

const start: Readonly<Record<string, string>> = { "a.txt": "a", "b.txt": "b", "d/c.txt": "c" };
const path = fc.constantFrom("a.txt", "b.txt", "d/c.txt", "d/new.txt", "e/f/deep.txt");

const planArbitrary = (ends: readonly Plan["end"][]): fc.Arbitrary<Plan> =>
  fc.record({
    pause: fc.nat({ max: 3 }),
    notes: fc.array(fc.nat({ max: 99 }), { maxLength: 3 }),
    writes: fc.array(fc.record({ path, text: fc.option(fc.string({ maxLength: 4 }), { freq: 3 }) }), { maxLength: 3 }),
    end: fc.constantFrom(...ends),
  });

const names = ["look", "look", "change", "change", "missing", "wrong"] as const;
/** All calls of a test share one clock, so only calls that run alone may let it go on. */
const ownTime = (call: Call): Call =>
  call.name === "look" && call.plan.end === "time-out" ? { ...call, plan: { ...call.plan, end: "throw" } } : call;

const turnsArbitrary = (ends: readonly Plan["end"][]): fc.Arbitrary<readonly (readonly Call[])[]> =>
  fc.array(
    fc.array(fc.record({ name: fc.constantFrom(...names), plan: planArbitrary(ends) }).map(ownTime), {
      minLength: 1,
      maxLength: 5,
    }),
    { maxLength: 4 },
  );

const folder = mkdtempSync(join(tmpdir(), "wink-run-"));
afterAll(() => rmSync(folder, { recursive: true }));
let folders = 0;

/** A host folder with the files of the start. */
function newRoot(): string {
  const root = join(folder, `${folders++}`);
  for (const [at, text] of Object.entries(start)) {
    mkdirSync(dirname(join(root, at)), { recursive: true });
    writeFileSync(join(root, at), text);
  }
  return root;
}

const workspaces: readonly (readonly [string, () => Promise<Closable>, number])[] = [
  ["memory", async () => memoryFiles(start), propertyRuns],
  [
    "an overlay",
    () => filesIn(newRoot(), async (root) => overlayFiles(await mountHost({ root }))),
    slowRuns(10, 1 / 4),
  ],
  ["a host folder", () => filesIn(newRoot(), (root) => hostFiles({ root })), slowRuns(10, 1 / 4)], // each write is on the disk
];

interface Ended {
  readonly status: string;
  readonly entries: readonly JournalEntry[];
  readonly notes: readonly number[];
  readonly files: Readonly<Record<string, string>>;
  readonly messages: readonly Message[];
}

async function runAll(turns: readonly (readonly Call[])[], fs: Filesystem): Promise<Ended> {
  const clock = createFakeClock();
  const controller = new AbortController();
  const session = createSession();
  const journal = memoryJournal();
  const act = (effects: "none" | "workspace", name: string) =>
    tool({
      name,
      description: "Do as the plan says.",
      effects,
      timeoutMs: 1_000,
      resources: { fs: files },
      params: planShape,
      async handler(plan, context) {
        const tick = async (): Promise<void> => {
          for (let count = 0; count < plan.pause; count++) await null;
        };
        await tick();
        for (const note of plan.notes) context.session.dispatch(Noted({ note }));
        for (const { path, text } of effects === "none" ? [] : plan.writes) {
          await tick();
          if (text !== null) await context.fs.writeText(path, text);
          else if ((await context.fs.stat(path)) !== undefined) await context.fs.remove(path);
        }
        await tick();
        if (plan.end === "throw") throw new Error("thrown");
        if (plan.end === "time-out") clock.advance(1_000);
        if (plan.end === "abort") controller.abort(new Error("stopped"));
        if (plan.end === "time-out" || plan.end === "abort") {
          // a handler that would not stop: what it does now must not count
          await null;
          await context.fs.writeText("late.txt", "late").catch(() => undefined);
          try {
            context.session.dispatch(Noted({ note: -1 }));
          } catch {
            // CONTEXT_CLOSED, as promised
          }
        }
        return plan.end === "fail" ? fail("told") : ok("done");
      },
    });
  const prompt = definePrompt({
    ns: "test",
    key: "mix",
    sections: [
      section({
        key: "all",
        title: "All",
        body: "Go.",
        slices: [notes],
        tools: [act("none", "look"), act("workspace", "change")],
      }),
    ],
  }).bind({}, { resources: [files.bind(fs)] });
  let messages: readonly Message[] = [];
  const steps = turns.map((calls) =>
    callTools(
      calls.map(({ name, plan }) =>
        name === "wrong" ? { name: "change", arguments: { ...plan, pause: "none" } } : { name, arguments: plan },
      ),
    ),
  );
  const model = scriptedModel([
    ...steps,
    answerWith((request) => {
      messages = [...request.messages];
      return { text: "done" };
    }),
    say("unused"),
  ]);
  const outcome = await startRun(prompt, model, { session, journal, clock, signal: controller.signal }).outcome;
  for (let tick = 0; tick < 20; tick++) await null; // let late handlers do their worst
  const content: Record<string, string> = {};
  for (const found of await fs.glob("**")) content[found] = (await fs.readText(found)) ?? "";
  return {
    status: outcome.status,
    entries: await journal.read(outcome.runId),
    notes: session
      .query(notes)
      .all()
      .map(({ note }) => note),
    files: content,
    messages,
  };
}

/** Does the calls that count one after the other. */
function expected(
  turns: readonly (readonly Call[])[],
  counts: (turn: number, index: number) => boolean,
): { notes: number[]; files: Record<string, string> } {
  const done = { notes: [] as number[], files: { ...start } as Record<string, string> };
  for (const [turn, calls] of turns.entries()) {
    for (const [index, { name, plan }] of calls.entries()) {
      if (!counts(turn, index)) continue;
      done.notes.push(...plan.notes);
      for (const { path, text } of name === "change" ? plan.writes : []) {
        if (text === null) delete done.files[path];
        else done.files[path] = text;
      }
    }
  }
  return done;
}

const finished = (entries: readonly JournalEntry[]): readonly ToolFinished[] =>
  entries.filter((entry) => entry.type === "tool/finished");

async function checkWithoutAborts(turns: readonly (readonly Call[])[], fs: Filesystem): Promise<void> {
  const ended = await runAll(turns, fs);
  const commits = (turn: number, index: number): boolean => {
    const call = turns[turn]?.[index];
    return call?.plan.end === "ok" && (call.name === "look" || call.name === "change");
  };
  expect(ended.status).toBe("completed");
  const { notes, files } = expected(turns, commits);
  expect(ended.notes).toEqual(notes);
  expect(ended.files).toEqual(files);
  const told = ended.messages.flatMap(({ content }) =>
    content.flatMap((part) => (part.type === "tool-result" ? [part.failed] : [])),
  );
  expect(told).toEqual(turns.flatMap((calls, turn) => calls.map((_call, index) => !commits(turn, index))));
}

describe("any mix of calls", () => {
  it.each(workspaces)(
    "over %s ends in the state of the calls that succeeded, done one after the other",
    async (_name, make, numRuns) => {
      await fc.assert(
        fc.asyncProperty(turnsArbitrary(["ok", "ok", "fail", "throw", "time-out"]), async (turns) => {
          const fs = await make();
          await checkWithoutAborts(turns, fs);
          await fs[Symbol.asyncDispose]?.();
        }),
        { numRuns },
      );
    },
  );

  it.each(workspaces)(
    "over %s ends, when it is aborted anywhere, in the state of the calls that the journal calls committed",
    async (_name, make, numRuns) => {
      await fc.assert(
        fc.asyncProperty(turnsArbitrary(["ok", "ok", "ok", "fail", "abort"]), async (turns) => {
          const fs = await make();
          const ended = await runAll(turns, fs);
          await fs[Symbol.asyncDispose]?.();
          const committed = new Set(
            finished(ended.entries)
              .filter(({ status }) => status === "committed")
              .map(({ turn, index }) => `${turn - 1}.${index}`),
          );
          const { notes, files } = expected(turns, (turn, index) => committed.has(`${turn}.${index}`));
          expect(ended.notes).toEqual(notes);
          expect(ended.files).toEqual(files);
          const calls = ended.entries.flatMap((entry) =>
            entry.type === "model/responded"
              ? entry.message.content.flatMap((part) => (part.type === "tool-call" ? [part.id] : []))
              : [],
          );
          expect(
            finished(ended.entries)
              .map(({ call }) => call)
              .sort(),
          ).toEqual([...calls].sort());
        }),
        { numRuns },
      );
    },
  );

  it("is really checked: with a workspace that does not go back, the property fails", async () => {
    const forgetful = (): Filesystem => ({ ...memoryFiles(start), restore: async () => undefined });
    const broken: readonly (readonly Call[])[] = [
      [{ name: "change", plan: { pause: 0, notes: [], writes: [{ path: "a.txt", text: "broken" }], end: "throw" } }],
    ];
    await expect(checkWithoutAborts(broken, forgetful())).rejects.toThrow(/a\.txt/);
    await checkWithoutAborts(broken, memoryFiles(start));
  });
});
