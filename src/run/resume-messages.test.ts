/** What is said to somebody whose run cannot go on: what, where, what was expected, and what to do. */
import { expect, test } from "vitest";
import { z } from "zod";
import { rejectionOf } from "../../test/support/thrown-by.ts";
import { resume } from "../adapter/index.ts";
import { durableFiles } from "../files/durable.ts";
import { type Filesystem, files, memoryFiles } from "../files/index.ts";
import { type Journal, type JournalEntry, memoryJournal } from "../journal/index.ts";
import { callTools, say, scriptedModel } from "../model/scripted/index.ts";
import { definePrompt, type Prompt, section } from "../prompt/index.ts";
import { createSession } from "../session/index.ts";
import { createFakeClock } from "../testing/fake-clock.ts";
import { ok, tool } from "../tool/index.ts";
import { answer, branchRun, resumeRun, startRun } from "./index.ts";

const clock = createFakeClock(1_000);
const note = tool({
  name: "note",
  description: "Notes.",
  effects: "idempotent",
  params: z.object({ text: z.string().optional() }),
  handler: () => ok("noted"),
});
const ask = tool({
  name: "ask",
  description: "Asks.",
  effects: "idempotent",
  async handler(_params, { suspend }) {
    await suspend({ question: "?", answer: z.boolean(), expiresInMs: 1_000 });
    return ok("answered");
  },
});
const promptOf = (
  key = "told",
  body = "Do.",
  tools: readonly (typeof note | typeof ask)[] = [note, ask],
): Prompt<unknown> =>
  definePrompt({
    ns: "test",
    key,
    sections: [section({ key: "task", title: "Task", body: body as "Do.", tools: [...tools] as never })],
  }).bind({});

async function journalOf(...calls: readonly string[]): Promise<Journal> {
  const journal = memoryJournal({ clock });
  const script = [callTools(calls.map((name) => ({ name }))), callTools([{ name: "note" }])];
  await startRun(promptOf(), scriptedModel(script), { journal, runId: "run-1", maxTurns: 2, clock }).outcome;
  return journal;
}
const edited = (journal: Journal, change: (entries: JournalEntry[]) => readonly object[]): Journal => ({
  ...journal,
  read: async (id) => change([...(await journal.read(id))]) as readonly JournalEntry[],
});
const messageOf = async (work: Promise<unknown>): Promise<string> => (await rejectionOf(work)).message;
const resumed = (journal: Journal, prompt = promptOf(), options = {}) =>
  messageOf(resumeRun(prompt, scriptedModel([say("done")]), journal, "run-1", { clock, ...options }));

test("of prompts and definitions", async () => {
  const journal = await journalOf("note");
  const cut = edited(journal, (entries) =>
    entries.slice(
      0,
      entries.findIndex(({ type }) => type === "tool/finished"),
    ),
  );
  expect([
    await resumed(journal, promptOf("other")),
    (await resumed(journal, promptOf("told", "Do it."), { onChange: "refuse" })).replaceAll(/[0-9a-f]{12}/g, "HASH"),
    await resumed(cut, promptOf("told", "Do.", [ask])),
    await resumed(journal, { compiled: {} } as never),
  ]).toMatchInlineSnapshot(`
    [
      "run "run-1": The run is one of another prompt. Expected the prompt "test:told". Received the prompt "test:other". Resume it with the prompt that began it.",
      "run "run-1": The definition of the prompt has changed since the run began. Expected the definition HASH. Received the definition HASH. Resume it with the prompt that began it, or choose another \`onChange\`.",
      "run "run-1", entry 4: The run is in a call of note, which is cut off. Expected a tool "note" with effects "idempotent". Received a prompt without it. Bring the tool back; or go on without the call: branch(journal, runId, { at }) with an earlier turn.",
      "prompt: This is no prompt. Expected what \`bind\` gives. Received a prompt template. Bind it first. Example: template.bind(params)",
    ]
  `);
});

test("of sessions", async () => {
  const journal = await journalOf("note");
  const used = createSession();
  used.recordRolledBack([{ type: "x", payload: {} } as never]);
  const older = edited(journal, ([first, ...rest]) => [{ ...first, session: { id: "s", events: 3 } }, ...rest]);
  expect([await resumed(journal, promptOf(), { session: used }), await resumed(older)]).toMatchInlineSnapshot(`
    [
      "run "run-1": The session is not as it was when the run began, and the run goes through all of its events again. Expected a session of 0 events. Received one of 1 events. Leave \`session\` out: it is made of the journal. A session with stores is made anew over them.",
      "run "run-1": The session that the run began with is not in its journal. Expected the session "s" of 3 events. Received a journal of version 1. Give the session as it was when the run began: resume(…, { session }).",
    ]
  `);
});

test("of journals", async () => {
  const journal = await journalOf("note");
  const changed = (type: string, change: object) =>
    edited(journal, (entries) => entries.map((entry) => (entry.type === type ? { ...entry, ...change } : entry)));
  expect([
    await messageOf(branchRun(promptOf(), scriptedModel([]), journal, "run-1", { runId: "run-1" })),
    await messageOf(resume(journal, "run-1", { adapter: { name: "other" } as never, prompt: promptOf() })),
    await resumed(changed("run/started", { prompt: 7 })),
    await resumed(changed("model/requested", { turn: "1" })),
    await resumed(changed("prompt/rendered", { first: {} })),
    await resumed(changed("model/responded", { message: undefined })),
    await resumed(changed("tool/finished", { events: {} })),
    await resumed(changed("tool/finished", { type: "tool/finishd" })),
    await resumed(changed("tool/finished", { content: "abc" })),
    await resumed(changed("run/finished", { status: null })),
  ]).toMatchInlineSnapshot(`
    [
      "run "run-1": It is in the journal already. Expected a new id, or none, so that one is made. Received a run of 11 entries. Go on with it: resume(journal, runId, { adapter, prompt }). For another run leave \`runId\` out.",
      "run "run-1": The adapter cannot go on with runs. Expected an adapter with \`resume\` and \`branch\`, such as that of \`modelAdapter\`. Received the adapter other, without them. Resume it with the prompt that began it, or choose another \`onChange\`.",
      "entry 0: The entry of type run/started has no \`prompt\` as it should be. Expected a text. Received number 7. Look at the entry that the message names; nothing was overwritten.",
      "entry 2: The entry of type model/requested has no \`turn\` as it should be. Expected a whole number from 0 on. Received string "1". Look at the entry that the message names; nothing was overwritten.",
      "entry 1: The entry of type prompt/rendered has no \`first.role\` as it should be. Expected "user". Received nothing. Look at the entry that the message names; nothing was overwritten.",
      "entry 3: The entry of type model/responded has no \`message\` as it should be. Expected an object. Received nothing. Look at the entry that the message names; nothing was overwritten.",
      "entry 5: The entry of type tool/finished has no \`events\` as it should be. Expected a list. Received object {}. Look at the entry that the message names; nothing was overwritten.",
      "entry 5: There is no such type of entries. Expected an entry as this release writes it. Received "tool/finishd". The journal was edited, or written by a newer release; nothing was overwritten.",
      "content "abc": An entry names it, and it is not in the journal. Expected an earlier entry \`content/kept\` of this name. Received none. Look at the entry that the message names; nothing was overwritten.",
      "entry 10: The entry of type run/finished has no \`status\` as it should be. Expected "completed" or "partial" or "suspended" or "refused" or "failed" or "aborted". Received null. Look at the entry that the message names; nothing was overwritten.",
    ]
  `);
});

test("of questions", async () => {
  const journal = await journalOf("ask", "note");
  const given = (value: unknown, question?: string) =>
    messageOf(answer(journal, "run-1", value as never, { question, clock }));
  const told = [await given(true, "call-9/1"), await given(undefined)];
  const child = edited(journal, ([first, ...rest]) => [{ ...first, parent: { run: "run-0", call: "c" } }, ...rest]);
  told.push(await messageOf(answer(child, "run-1", true, { clock })));
  await answer(journal, "run-1", true, { clock });
  told.push(await given(true), await given(true, "call-1-1/1"));
  const late = await journalOf("ask");
  clock.advance(1_000);
  told.push(await messageOf(answer(late, "run-1", true, { clock })));
  told.push(await messageOf(answer(late, "run-1", true, { question: "call-1-1/1", clock })));
  told.push(await messageOf(answer(await journalOf("note"), "run-1", true, { clock })));
  const two = await journalOf("ask");
  const both = edited(two, (entries) => {
    const asked = entries.find(({ type }) => type === "question/asked");
    return [...entries.slice(0, -1), { ...asked, index: 1, question: "call-1-2/1" }, ...entries.slice(-1)];
  });
  told.push(await messageOf(answer(both, "run-1", true, { clock })));
  expect(told).toMatchInlineSnapshot(`
    [
      "run "run-1": The run has asked no such question. Expected one of call-1-1/1. Received "call-9/1". Look at the questions that are open: \`openQuestions(journal, runId)\`. Example: answer(journal, runId, { approved: true }, { question: "call-3-1/1" })",
      "answer: It is undefined. Expected plain data, as JSON gives it back. Received nothing. Correct the argument that the message names.",
      "run "run-1": Its questions are asked by its parent. Expected an answer to the run "run-0". Received one to its subagent. Answer the question of the parent, which passes the answer on.",
      "run "run-1": The question was answered already, or has expired. Expected a question that is open. Received no \`question\`. Look at the questions that are open: \`openQuestions(journal, runId)\`. Example: answer(journal, runId, { approved: true }, { question: "call-3-1/1" })",
      "run "run-1": The question was answered already. Expected a question that is open. Received "call-1-1/1". Look at the questions that are open: \`openQuestions(journal, runId)\`. Example: answer(journal, runId, { approved: true }, { question: "call-3-1/1" })",
      "run "run-1": The question was answered already, or has expired. Expected a question that is open. Received no \`question\`. Look at the questions that are open: \`openQuestions(journal, runId)\`. Example: answer(journal, runId, { approved: true }, { question: "call-3-1/1" })",
      "run "run-1": The question has expired. Expected a question that is open. Received "call-1-1/1". Look at the questions that are open: \`openQuestions(journal, runId)\`. Example: answer(journal, runId, { approved: true }, { question: "call-3-1/1" })",
      "run "run-1": The run waits for no answer. Expected a question that is open. Received no \`question\`. Look at the questions that are open: \`openQuestions(journal, runId)\`. Example: answer(journal, runId, { approved: true }, { question: "call-3-1/1" })",
      "run "run-1": The run waits for several answers. Expected one of call-1-1/1, call-1-2/1. Received no \`question\`. Look at the questions that are open: \`openQuestions(journal, runId)\`. Example: answer(journal, runId, { approved: true }, { question: "call-3-1/1" })",
    ]
  `);
});

test("of files", async () => {
  const at = (identity: Record<string, string> | undefined): Filesystem => ({ ...memoryFiles(), identity });
  const none = () => new Uint8Array();
  const place = { root: "/a", inode: "1" };
  expect([
    await messageOf(durableFiles.load(at({ root: "/b", inode: "2" }), { kind: "place", identity: place }, none)),
    await messageOf(durableFiles.load(at(undefined), { kind: "place", identity: place }, none)),
    await messageOf(durableFiles.load(at(place), { kind: "contents", files: {} }, none)),
    await messageOf(durableFiles.recover(at(place), "snapshot-7")),
    await messageOf(durableFiles.loadChanges(at(undefined), [{ path: "a", kind: "added" }], none)),
  ]).toMatchInlineSnapshot(`
    [
      "files: The run worked on others. Expected the folder {"root":"/a","inode":"1"}. Received the folder {"root":"/b","inode":"2"}. Give the resources that the message names.",
      "files: The run worked on others. Expected the folder {"root":"/a","inode":"1"}. Received files in memory. Give the resources that the message names.",
      "files: The run worked on others. Expected files in memory. Received the folder {"root":"/a","inode":"1"}. Give the resources that the message names.",
      "snapshot "snapshot-7": What was there before the call that was cut off is not known any more. Expected the files with the \`state\` that they had then. Received files without this snapshot. Open host files with \`state\` when a run shall be gone on with: hostFiles({ root, state }).",
      ""a": A call changed the file, and its content is not known. Expected a journal of version 2 or later, given to the run. Received a journal without the content. Begin the run anew.",
    ]
  `);
  await durableFiles.load(at({ inode: "1", root: "/a" }), { kind: "place", identity: place }, none);
  await durableFiles.recover(at(undefined), "snapshot-7");
  await durableFiles.loadChanges(at(place), [{ path: "a", kind: "added" }], none);
  const fs = memoryFiles({ "dir/inner": "x", gone: "x", same: "abc" });
  const kept = (name: string) => Buffer.from(name);
  await durableFiles.load(fs, { kind: "contents", files: { dir: "now a file", same: "abc", other: "xyz" } }, kept);
  expect(await Promise.all(["dir", "same", "other", "gone"].map((path) => fs.readText(path)))).toEqual([
    "now a file",
    "abc",
    "xyz",
    undefined,
  ]);
  await durableFiles.loadChanges(
    fs,
    [
      { path: "same", kind: "modified", content: "abd" },
      { path: "other", kind: "removed" },
    ],
    kept,
  );
  expect(await fs.glob("**")).toEqual(["dir", "same"]);
  expect(await fs.readText("same")).toBe("abd");
});

test("of resources that are not there", async () => {
  const prompt = (fs?: Filesystem) =>
    definePrompt({ ns: "test", key: "told", sections: [section({ key: "task", title: "Task", body: "Do." })] }).bind(
      {},
      { resources: fs === undefined ? [] : [files.bind(fs)] },
    );
  const journal = memoryJournal();
  await startRun(prompt(memoryFiles()), scriptedModel([]), { journal, runId: "run-1" }).outcome;
  const { outcome } = await resumeRun(prompt(), scriptedModel([]), journal, "run-1");
  const ended = await outcome;
  expect(ended.status === "failed" && ended.error.message).toMatchInlineSnapshot(
    `"run "run-1": The run worked with the resource "files". Expected a binding of "files". Received a prompt without it. Give the resources that the message names."`,
  );
});
