/** Tool calls that run commands in a host folder. */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { z } from "zod";
import { files, type HostFilesystem, hostFiles } from "../files/index.ts";
import { memoryJournal, type ToolFinished } from "../journal/index.ts";
import { callTools, say, scriptedModel } from "../model/scripted/index.ts";
import { definePrompt, section } from "../prompt/index.ts";
import { fail, ok, tool } from "../tool/index.ts";
import { startRun } from "./index.ts";

let root: string;
let fs: HostFilesystem;

beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), "wink-outside-"));
  mkdirSync(join(root, "d"));
  writeFileSync(join(root, "d/a.txt"), "a");
  fs = await hostFiles({ root });
});
afterEach(async () => {
  await fs[Symbol.asyncDispose]();
  rmSync(root, { recursive: true });
});

const shell = tool({
  name: "shell",
  description: "Runs a command.",
  effects: "workspace",
  resources: { fs: files },
  params: z.object({ command: z.string() }),
  async handler({ command }, context) {
    await context.fs.writeText("log.txt", command);
    await context.fs.changedOutside();
    try {
      execFileSync("sh", ["-c", command], { cwd: root, stdio: "ignore" });
    } catch {
      return fail("the command failed");
    }
    return ok("done");
  },
});

it("what a failed command changed is taken back, what a good one changed is journalled", async () => {
  const task = section({ key: "task", title: "Task", body: "Go.", tools: [shell] });
  const prompt = definePrompt({ ns: "test", key: "outside", sections: [task] }).bind(
    {},
    { resources: [files.bind(fs)] },
  );
  const commands = [
    "echo 1 > d/a.txt; rm -r d; touch x; exit 1",
    "echo 2 > d/a.txt; mkdir e; touch e/new",
    "rm -r e d; exit 1",
  ];
  const model = scriptedModel([
    callTools(commands.map((command) => ({ name: "shell", arguments: { command } }))),
    say("Done."),
  ]);
  const journal = memoryJournal();
  const outcome = await startRun(prompt, model, { journal }).outcome;
  expect(outcome.status).toBe("completed");
  const finished = (await journal.read(outcome.runId)).filter(
    (entry): entry is typeof entry & ToolFinished => entry.type === "tool/finished",
  );
  expect(finished.map(({ status }) => status)).toEqual(["failed", "committed", "failed"]);
  expect(finished[1]?.changes).toEqual({
    files: [
      { path: "d/a.txt", kind: "modified" },
      { path: "e/new", kind: "added" },
      { path: "log.txt", kind: "added" },
    ],
  });
  expect(readdirSync(root, { recursive: true }).map(String).sort()).toEqual(["d", "d/a.txt", "e", "e/new", "log.txt"]);
  expect([readFileSync(join(root, "d/a.txt"), "utf8"), readFileSync(join(root, "log.txt"), "utf8")]).toEqual([
    "2\n",
    commands[1],
  ]);
});
