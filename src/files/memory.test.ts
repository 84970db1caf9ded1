import { describe, expect, it } from "vitest";
import { WinkError } from "../base/index.ts";
import { memoryFiles } from "./memory.ts";

describe("initial files", () => {
  it("may be text or bytes, with names that only a mounted folder has", async () => {
    const bytes = Uint8Array.of(1, 2);
    const fs = memoryFiles({ "/données/é.txt": "1", b: bytes });
    bytes.fill(0);
    expect(await fs.readText("données/é.txt")).toBe("1");
    expect(await fs.readBytes("b")).toEqual(Uint8Array.of(1, 2));
  });

  it.each([
    [{ a: "1", "./a": "2" }, "FILE_EXISTS"],
    [{ a: "1", "a/b": "2" }, "FILE_NOT_DIRECTORY"],
    [{ "a/b": "1", a: "2" }, "FILE_IS_DIRECTORY"],
    [{ "": "1" }, "PATH_INVALID"],
    [{ a: "\uDC00" }, "FILE_NOT_TEXT"],
  ])("%j is %s", (initial, code) => {
    const error = thrownBy(() => memoryFiles(initial));
    expect(WinkError.is(error) && error.code).toBe(code);
  });
});

describe("names beyond ASCII", () => {
  it("may be read, overwritten, kept and removed, but not made", async () => {
    const fs = memoryFiles({ "d/é.txt": "1" });
    await fs.writeText("d/é.txt", "2");
    await fs.writeText("d/é.txt", "3", { mode: "append" });
    await fs.move("d/é.txt", "é.txt");
    expect(await fs.readText("é.txt")).toBe("23");
    await fs.move("d", "e");
    await fs.move("é.txt", "e/plain.txt");
    await expect(fs.move("e/plain.txt", "é.txt")).rejects.toThrow("printable ASCII");
    await expect(fs.makeDirectory("ü")).rejects.toThrow("printable ASCII");
    await fs.remove("e/plain.txt");
    expect(await fs.glob("**")).toEqual([]);
  });

  it("do not hinder what is made below them", async () => {
    const fs = memoryFiles({ "é/a": "1" });
    await fs.writeText("é/b", "2");
    await expect(fs.writeText("é/ü", "3")).rejects.toThrow("U+00FC");
    expect(await fs.glob("é/*")).toEqual(["é/a", "é/b"]);
  });
});

describe("snapshots", () => {
  it("are the same as long as nothing is written", async () => {
    const fs = memoryFiles({ a: "1" });
    const first = await fs.snapshot();
    expect(await fs.snapshot()).toBe(first);
    await fs.writeText("a", "2");
    const second = await fs.snapshot();
    expect([first.id, second.id]).toEqual(["files-1", "files-2"]);
    await fs.restore(first);
    expect(await fs.snapshot()).toBe(first);
  });

  it("can be looked at without going back", async () => {
    const fs = memoryFiles({ a: "1", "d/b": "2" });
    const before = await fs.snapshot();
    await fs.writeText("a", "3");
    await fs.remove("d", { recursive: true });
    const view = fs.view(before);
    expect([await view.readText("a"), await view.readText("d/b"), await fs.readText("a")]).toEqual(["1", "2", "3"]);
    expect(view.readOnly).toBe(true);
    for (const change of [
      view.writeText("a", ""),
      view.remove("a"),
      view.move("a", "b"),
      view.makeDirectory("e"),
      view.writeBytes("e", new Uint8Array()),
    ]) {
      await expect(change).rejects.toMatchObject({ code: "FILES_READ_ONLY" });
    }
    await expect(view.restore(await view.snapshot())).rejects.toMatchObject({ code: "FILES_READ_ONLY" });
    expect(() => fs.view({ id: before.id })).toThrow("snapshot: It was not taken from these files");
    expect(() => memoryFiles().view(before)).toThrow("snapshot: It was not taken from these files");
  });

  it("do not grow with the number of files, and writes copy one way only", async () => {
    const fs = memoryFiles(
      Object.fromEntries(Array.from({ length: 5_000 }, (_, index) => [`d${index % 50}/f${index}`, "1"])),
    );
    // a copy of all files for each of these snapshots would take minutes and gigabytes
    for (let round = 0; round < 1_000; round++) {
      await fs.snapshot();
      await fs.writeText("d1/new", `${round}`);
    }
    expect(await fs.readText("d1/new")).toBe("999");
  });
});

it("a listing of many files in one directory is one pass", async () => {
  const fs = memoryFiles(Object.fromEntries(Array.from({ length: 5_000 }, (_, index) => [`f${index}`, ""])));
  expect(await fs.list()).toHaveLength(5_000);
  expect(await fs.glob("f1*9")).toHaveLength(111);
});

function thrownBy(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    return error;
  }
}
