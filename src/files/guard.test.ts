import { describe, expect, it } from "vitest";
import { WinkError } from "../base/index.ts";
import type { Gate } from "../resources/index.ts";
import type { Filesystem } from "./filesystem.ts";
import { guardFiles } from "./guard.ts";
import { memoryFiles } from "./memory.ts";
import { files } from "./token.ts";

interface Call {
  readonly gate: Gate;
  settle(): void;
}

function call(mayWrite: boolean): Call {
  let settled = false;
  const check = (): void => {
    if (settled) throw new WinkError("CONTEXT_CLOSED", { problem: "The call has settled" });
  };
  const settle = (): void => {
    settled = true;
  };
  return { gate: { check, mayWrite }, settle };
}

const reads: Readonly<Record<string, (fs: Filesystem) => Promise<unknown>>> = {
  readText: (fs) => fs.readText("a"),
  readBytes: (fs) => fs.readBytes("a"),
  stat: (fs) => fs.stat("a"),
  list: (fs) => fs.list(),
  glob: (fs) => fs.glob("*"),
  grep: (fs) => fs.grep("1"),
  readStream: async (fs) => {
    for await (const _ of fs.readStream("a"));
  },
  snapshot: (fs) => fs.snapshot(),
};
const changes: Readonly<Record<string, (fs: Filesystem) => Promise<unknown>>> = {
  writeText: (fs) => fs.writeText("b", ""),
  writeBytes: (fs) => fs.writeBytes("b", new Uint8Array()),
  makeDirectory: (fs) => fs.makeDirectory("b"),
  move: (fs) => fs.move("a", "b"),
  remove: (fs) => fs.remove("a"),
  writeStream: (fs) => fs.writeStream("b", [Uint8Array.of(1)]),
  editText: (fs) => fs.editText("a", () => "2"),
  changedOutside: (fs) => fs.changedOutside(),
};

describe("a call that may not change the workspace", () => {
  it.each(Object.entries(changes))("cannot %s", async (_name, work) => {
    const inner = memoryFiles({ a: "1" });
    const before = await inner.snapshot();
    const fs = guardFiles(inner, call(false).gate);
    expect(fs.readOnly).toBe(true);
    await expect(work(fs)).rejects.toMatchObject({ code: "FILES_READ_ONLY" });
    await expect(fs.restore(before)).rejects.toMatchObject({ code: "FILES_READ_ONLY" });
    expect(await fs.changes(before)).toEqual([]);
  });

  it("can read", async () => {
    const fs = guardFiles(memoryFiles({ a: "1" }), call(false).gate);
    for (const work of Object.values(reads)) await work(fs);
  });
});

describe("a call that has settled", () => {
  it.each(Object.entries({ ...reads, ...changes }))("cannot %s", async (_name, work) => {
    const inner = memoryFiles({ a: "1" });
    const before = await inner.snapshot();
    const { gate, settle } = call(true);
    const fs = guardFiles(inner, gate);
    expect(fs.readOnly).toBe(false);
    settle();
    await expect(work(fs)).rejects.toMatchObject({ code: "CONTEXT_CLOSED" });
    await expect(fs.restore(before)).rejects.toMatchObject({ code: "CONTEXT_CLOSED" });
    await expect(fs.changes(before)).rejects.toMatchObject({ code: "CONTEXT_CLOSED" });
    expect(await inner.changes(before)).toEqual([]);
  });

  it("gets nothing of what was under way", async () => {
    for (const work of [...Object.values(reads), ...Object.values(changes)]) {
      const { gate, settle } = call(true);
      const pending = work(guardFiles(memoryFiles({ a: "1" }), gate));
      settle();
      await expect(pending).rejects.toMatchObject({ code: "CONTEXT_CLOSED" });
    }
  });
});

it("what nobody waits for leaves no rejection unhandled when it fails", async () => {
  const unhandled: unknown[] = [];
  const note = (reason: unknown): void => void unhandled.push(reason);
  process.on("unhandledRejection", note);
  const { readStream: _watchedByItsReader, ...promised } = reads;
  for (const work of [...Object.values(promised), ...Object.values(changes)]) {
    const { gate, settle } = call(true);
    const fs = guardFiles(memoryFiles({ a: "1" }), gate);
    void work(fs);
    settle();
    void work(fs);
  }
  void guardFiles(memoryFiles(), call(false).gate).writeText("a", "1");
  await new Promise((resolve) => setImmediate(resolve));
  process.off("unhandledRejection", note);
  expect(unhandled).toEqual([]);
});

it("a change is done at once or not at all, so that nothing comes late", async () => {
  const inner = memoryFiles({ a: "1" });
  const { gate, settle } = call(true);
  const before = await inner.snapshot();
  const late = guardFiles(inner, gate)
    .writeText("b", "2")
    .catch((error: unknown) => error);
  settle();
  await inner.restore(before);
  expect(WinkError.is(await late, "CONTEXT_CLOSED")).toBe(true);
  expect(await inner.changes(before)).toEqual([]);
});

it("the token takes part in transactions", async () => {
  const fs = memoryFiles({ a: "1" });
  const { transaction } = files;
  const before = await transaction?.snapshot(fs);
  if (before === undefined) throw new Error("files are transactional");
  await fs.writeText("b", "2");
  expect(await transaction?.changes(fs, before)).toEqual([{ path: "b", kind: "added" }]);
  await transaction?.restore(fs, before);
  expect(await fs.glob("**")).toEqual(["a"]);
  expect(files.bind(fs)).toEqual({ token: files, value: fs });
});
