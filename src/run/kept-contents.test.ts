/** Long results and files in the journal: written once, before what names them, and found again. */
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { failsAt, withAppends } from "../../test/support/journal-appends.ts";
import { entriesOf, gone, journalOf, taskPrompt } from "../../test/support/recorded-runs.ts";
import { rejectionOf } from "../../test/support/thrown-by.ts";
import { type Filesystem, files, memoryFiles } from "../files/index.ts";
import { type Journal, memoryJournal } from "../journal/index.ts";
import { callTools, type ScriptEntry, say, scriptedModel } from "../model/scripted/index.ts";
import type { Prompt } from "../prompt/index.ts";
import { ok, type Tool, tool } from "../tool/index.ts";
import { resumeRun, startRun } from "./index.ts";

const tell = tool({
  name: "tell",
  description: "Tells.",
  effects: "none",
  params: z.object({ length: z.int(), end: z.string().default("") }),
  handler: ({ length, end }) => ok("x".repeat(length) + end),
});
/** A tool that does something with the files of the run. */
const change = (work: (fs: Filesystem) => Promise<unknown>): Tool =>
  tool({
    name: "change",
    description: "Changes files.",
    effects: "workspace",
    resources: { fs: files },
    async handler(_params, { fs }) {
      await work(fs);
      return ok("changed");
    },
  });

const promptOf = (tools: readonly Tool[] = [tell], fs: Filesystem = memoryFiles()): Prompt<unknown> =>
  taskPrompt({ tools, resources: [files.bind(fs)] });

const telling = (...lengths: readonly (number | [number, string])[]) =>
  callTools(
    lengths.map((told) => {
      const [length, end] = typeof told === "number" ? [told, ""] : told;
      return { name: "tell", arguments: { length, end } };
    }),
  );

/** The journal of a run by a script. */
const played = (script: readonly ScriptEntry[], prompt = promptOf()): Promise<Journal> => journalOf(prompt, script);

describe("a result", () => {
  test("is a content from 2,048 signs on, and stands in its entry below that", async () => {
    const journal = await played([telling(2_047, 2_048), say("done")], promptOf());
    const ends = await entriesOf(journal, "tool/finished");
    expect(ends.map(({ result, content }) => [result.text.length, content === undefined])).toEqual([
      [2_047, true],
      [0, false],
    ]);
    expect(await entriesOf(journal, "content/kept")).toMatchObject([
      { name: ends[1]?.content, text: "x".repeat(2_048) },
    ]);
  });

  test("that comes again is written once, also by the process that goes on", async () => {
    const journal = await played([telling(3_000, 3_000), telling(3_000), gone]);
    const model = scriptedModel([telling(3_000), say("done")]);
    const { outcome } = await resumeRun(promptOf(), model, journal, "run-1");
    expect((await outcome).status).toBe("completed");
    expect(await entriesOf(journal, "content/kept")).toHaveLength(1);
    expect(await entriesOf(journal, "tool/finished")).toHaveLength(4);
    const told = model.requests[0]?.messages.flatMap((message) => (message.role === "tool" ? message.content : []));
    expect(told?.filter(({ text }) => text === "x".repeat(3_000))).toHaveLength(3);
  });

  test("that is no Unicode stands in its entry, and comes back as it was", async () => {
    const journal = await played([telling([3_000, "\ud800"]), gone]);
    expect(await entriesOf(journal, "content/kept")).toEqual([]);
    const model = scriptedModel([say("done")]);
    const { outcome } = await resumeRun(promptOf(), model, journal, "run-1");
    expect((await outcome).status).toBe("completed");
    expect(JSON.stringify(model.requests[0]?.messages)).toContain("x\\ud800");
  });

  test("whose content cannot be written ends the run, and nothing is written behind it", async () => {
    const kept = memoryJournal();
    const full = failsAt(kept, "content/kept");
    const model = scriptedModel([telling(3_000, 10, 3_001), say("never")]);
    const outcome = await startRun(promptOf(), model, { journal: full, runId: "run-1" }).outcome;
    expect(outcome).toMatchObject({ status: "failed", error: { code: "JOURNAL_FAILED" } });
    expect((await kept.read("run-1")).at(-1)?.type).toBe("tool/intended");
  });

  test("stands behind its content, however slowly that is written", async () => {
    const kept = memoryJournal();
    const slow = withAppends(kept, async (step, write) => {
      if (step.type === "content/kept") await new Promise(setImmediate);
      return write(step);
    });
    const model = scriptedModel([telling(3_000, 3_001, 5, 3_002), telling(7), say("done")]);
    await startRun(promptOf(), model, { journal: slow, runId: "run-1" }).outcome;
    const seen = new Set<string>();
    for (const entry of await kept.read("run-1")) {
      if (entry.type === "content/kept") seen.add(entry.name);
      if (entry.type === "tool/finished" && entry.content !== undefined) expect(seen).toContain(entry.content);
    }
    expect(seen.size).toBe(3);
  });
});

test("a journal without a content that is named is told as broken", async () => {
  const journal = await played([telling(3_000), gone]);
  const cut: Journal = {
    ...journal,
    read: async (id) => (await journal.read(id)).filter(({ type }) => type !== "content/kept"),
  };
  const [end] = await entriesOf(journal, "tool/finished");
  const error = await rejectionOf(resumeRun(promptOf(), scriptedModel([say("never")]), cut, "run-1"));
  expect(error).toMatchObject({ code: "JOURNAL_INVALID", details: { content: end?.content } });
});

describe("files in memory", () => {
  const bytes = Uint8Array.of(0, 255, 128, 7);

  /** Runs a change, cuts the run off, and gives the files that go on, whatever they were. */
  async function goneOnWith(work: (fs: Filesystem) => Promise<unknown>, then: Filesystem): Promise<Filesystem> {
    const fs = memoryFiles({ "a.txt": "a", "b/c.txt": "c" });
    const journal = await played([callTools([{ name: "change" }]), gone], promptOf([change(work)], fs));
    const brought = promptOf([change(async () => undefined)], then);
    const run = await resumeRun(brought, scriptedModel([say("done")]), journal, "run-1");
    expect((await run.outcome).status).toBe("completed");
    return then;
  }
  const contentsOf = async (fs: Filesystem): Promise<Record<string, Buffer>> => {
    const found: Record<string, Buffer> = {};
    for (const path of await fs.glob("**")) found[path] = Buffer.from((await fs.readBytes(path)) ?? []);
    return found;
  };

  test("come back as the call left them, in the place of whatever is there", async () => {
    const there = memoryFiles({ "a.txt/in/the/way.txt": "a folder", "b/c.txt": "other", "b/old.txt": "old" });
    const fs = await goneOnWith(async (own) => {
      await own.writeBytes("new.bin", bytes);
      await own.writeText("b/d.txt", "d");
      await own.remove("b/c.txt");
    }, there);
    expect(await contentsOf(fs)).toEqual({
      "a.txt": Buffer.from("a"),
      "b/d.txt": Buffer.from("d"),
      "new.bin": Buffer.from(bytes),
    });
  });

  const forged = (journal: Journal, path: string): Journal => ({
    ...journal,
    read: async (id) => JSON.parse(JSON.stringify(await journal.read(id)).replaceAll('"a.txt"', JSON.stringify(path))),
  });

  test.each(["a\uFFFD.txt", "é.txt", "a b"])("may have any name that files can be made with: %j", async (name) => {
    const prompt = () => promptOf([change((fs) => fs.writeText(name, "y"))], memoryFiles({ [name]: "x", "b.txt": "" }));
    const journal = await played([callTools([{ name: "change" }]), gone], prompt());
    expect(JSON.stringify(await journal.read("run-1"))).toContain(name);
    const { outcome } = await resumeRun(prompt(), scriptedModel([say("done")]), journal, "run-1");
    expect(await outcome).toMatchObject({ status: "completed" });
  });

  test.each([
    ["at the beginning", async () => undefined, { "a.txt": "a" }],
    ["by a call", (fs: Filesystem) => fs.writeText("a.txt", "a"), { "b.txt": "b" }],
  ])("are refused by names that no file has: kept %s", async (_when, work, initial) => {
    const prompt = () => promptOf([change(work)], memoryFiles(initial));
    const journal = await played([callTools([{ name: "change" }]), gone], prompt());
    for (const path of ["../x", "/x", "", "a//x", "./x", " x", "x\u0000", "\ud800", "x".repeat(81)]) {
      const { outcome } = await resumeRun(prompt(), scriptedModel([]), forged(journal, path), "run-1");
      const ended = await outcome;
      expect(ended, path).toMatchObject({ status: "failed", error: { code: "JOURNAL_INVALID" } });
      expect(ended.status === "failed" && ended.error.message).toContain("Expected the path of a file.");
    }
  });

  test("that are there already are not written again", async () => {
    const kept = memoryFiles({ "a.txt": "a", "b/c.txt": "X" });
    const written: string[] = [];
    const there: Filesystem = {
      ...kept,
      writeBytes(path, content) {
        written.push(path);
        return kept.writeBytes(path, content);
      },
    };
    await goneOnWith(async () => undefined, there);
    expect(written).toEqual(["b/c.txt"]);
  });
});
