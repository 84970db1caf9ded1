/** What stands in the journal of each end that a call can have: exactly, because that is what the next process knows. */
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { sha256 } from "../base/index.ts";
import { files, memoryFiles } from "../files/index.ts";
import type { JournalEntry } from "../journal/index.ts";
import { callTools, say, scriptedModel } from "../model/scripted/index.ts";
import { definePrompt, section } from "../prompt/index.ts";
import { appendAll, createSession, event, slice } from "../session/index.ts";
import { createFakeClock } from "../testing/index.ts";
import { fail, ok, type Tool, tool } from "../tool/index.ts";
import { startRun } from "./index.ts";

const Noted = event("test/noted", z.object({ text: z.string() }));
const notes = slice({ name: "notes", item: Noted.schema, reducers: (on) => [on(Noted, appendAll())] });
const clock = createFakeClock();
const params = z.object({ how: z.string() });

async function ends({ how }: z.infer<typeof params>): Promise<never> {
  clock.advance(1.5);
  if (how === "throws") throw new Error("broken");
  const ends: Readonly<Record<string, unknown>> = {
    null: null,
    text: "text",
    empty: {},
    "ok of a number": ok(42),
    "ok of null": ok(null),
    "half a fail": { ok: false },
    "fail of a number": { ok: false, message: 42 },
    fails: fail("no"),
  };
  return (how in ends ? ends[how] : ok("done", "Well.")) as never; // as: the point is what handlers may not return
}
const common = { description: "Use.", params, resources: { fs: files } };
const external = tool({ ...common, name: "external", effects: "external", handler: ends });
const workspace = tool({
  ...common,
  name: "workspace",
  effects: "workspace",
  async handler(given, { fs, session }) {
    await fs.writeText("x", given.how);
    session.dispatch(Noted({ text: given.how }));
    return await ends(given);
  },
});
const undone: string[] = [];
const compensable = tool({
  ...common,
  name: "compensable",
  effects: "compensable",
  handler: ends,
  undo({ how }, value, { key }) {
    undone.push(key);
    if (value !== undefined) throw new Error("it has given nothing");
    if (how === "throws") throw new Error("gone");
  },
});
const shaped = tool({
  ...common,
  name: "shaped",
  effects: "none",
  result: z.object({ n: z.int() }),
  handler: ends,
  render: ({ n }) => `${n}`,
});

async function journalOf(
  tools: readonly Tool[],
  ...calls: readonly (readonly [string, string])[]
): Promise<readonly JournalEntry[]> {
  const task = section({ key: "task", title: "Task", body: "Go.", tools, slices: [notes] });
  const prompt = definePrompt({ ns: "test", key: "ends", sections: [task] }).bind(
    {},
    { resources: [files.bind(memoryFiles())] },
  );
  const model = scriptedModel([callTools(calls.map(([name, how]) => ({ name, arguments: { how } }))), say("Done.")]);
  const run = startRun(prompt, model, { session: createSession(), clock, runId: "run" });
  await run.outcome;
  return (await run.journal.read("run")).filter(({ type }) => type.startsWith("tool/"));
}

describe("the journal of a call", () => {
  it("that is good", async () => {
    const [intended, finished] = await journalOf([workspace], ["workspace", "goes well"]);
    expect(intended).toMatchObject({
      type: "tool/intended",
      turn: 1,
      index: 0,
      call: "call-1-1",
      name: "workspace",
      effects: "workspace",
      arguments: { how: "goes well" },
      key: "run/1.0",
      snapshots: { files: expect.stringMatching(/^files-/) },
    });
    expect(finished).toMatchObject({
      type: "tool/finished",
      turn: 1,
      index: 0,
      call: "call-1-1",
      name: "workspace",
      status: "committed",
      result: { text: "Well.\n\ndone", failed: false },
      events: [{ type: "test/noted", payload: { text: "goes well" } }],
      changes: { files: [{ path: "x", kind: "added" }] },
      milliseconds: 1.5,
    });
  });

  it("that must not happen twice has a key of its own", async () => {
    const entries = await journalOf([external, shaped], ["external", "a"], ["external", "a"], ["shaped", "a"]);
    const keys = entries.flatMap((entry) => (entry.type === "tool/intended" ? [entry.key] : []));
    const keyOf = (index: number): string => sha256(`run/1.${index}\ncall-1-${index + 1}\nexternal\n{"how":"a"}`);
    expect(keys).toEqual([keyOf(0), keyOf(1), "run/1.2"]);
  });

  const unknown = (why: string): string =>
    `It is not known whether this call of external took effect: ${why}. Do not repeat it before you have found out.`;
  const neither = "the handler returned neither ok(…) nor fail(…)";
  it.each<[Tool, string, string, string]>([
    [workspace, "throws", "failed", "The tool workspace failed: broken"],
    [workspace, "fails", "failed", "no"],
    [workspace, "null", "failed", `The tool workspace failed: ${neither}`],
    [workspace, "text", "failed", `The tool workspace failed: ${neither}`],
    [workspace, "empty", "failed", `The tool workspace failed: ${neither}`],
    [workspace, "half a fail", "failed", `The tool workspace failed: ${neither}`],
    [workspace, "fail of a number", "failed", `The tool workspace failed: ${neither}`],
    [
      workspace,
      "ok of a number",
      "failed",
      "The tool workspace failed: it declares no `result`, so it must return text, and returned number",
    ],
    [
      workspace,
      "ok of null",
      "failed",
      "The tool workspace failed: it declares no `result`, so it must return text, and returned null",
    ],
    [
      shaped,
      "ok of a number",
      "failed",
      "The tool shaped failed: its result does not fit: Invalid input: expected object, received number",
    ],
    [external, "throws", "unknown", unknown("broken")],
    [external, "fails", "failed", "no"],
    [external, "null", "unknown", unknown(neither)],
    [compensable, "fails", "failed", "no (What the call had done was undone.)"],
    [compensable, "text", "failed", `The tool compensable failed: ${neither} (What the call had done was undone.)`],
    [
      compensable,
      "throws",
      "unknown",
      "The tool compensable failed: broken Undoing the call failed as well: gone. It is not known what of it remains; do not repeat it before you have found out.",
    ],
  ])("of $name that %s is %s", async (of, how, status, text) => {
    undone.length = 0;
    const entries = await journalOf([of], [of.name, how]);
    const ended = entries.find((entry) => entry.type === "tool/undone");
    const isUndone = of === compensable;
    expect(undone).toHaveLength(isUndone ? 1 : 0);
    expect(ended).toEqual(
      isUndone
        ? expect.objectContaining({
            call: "call-1-1",
            name: "compensable",
            ok: how !== "throws",
            ...(how === "throws" ? { error: "gone" } : {}),
          })
        : undefined,
    );
    expect(entries.at(-1)).toMatchObject({ type: "tool/finished", status, result: { failed: true, text } });
    const intended = entries.find((entry) => entry.type === "tool/intended");
    if (isUndone) expect(undone).toEqual([intended?.key]);
  });
});
