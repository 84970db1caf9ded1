import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { openBelow, readInto } from "./host-open.ts";

let folder: string;

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "wink-open-")));
  mkdirSync(join(folder, "root/d"), { recursive: true });
  mkdirSync(join(folder, "outside"));
  writeFileSync(join(folder, "root/d/a"), "inside");
  writeFileSync(join(folder, "outside/a"), "SECRET");
});
afterEach(() => rmSync(folder, { recursive: true }));

/** The checks as they are on systems whose kernel does not tell where a file lies. */
const untold = (): undefined => undefined;

const open = (path: string, kind: "file" | "directory", locate?: typeof untold): string | undefined => {
  using handle = openBelow({ path: join(folder, "root") }, path, kind, locate);
  if (handle === undefined) return undefined;
  if (kind === "directory") return "directory";
  const buffer = Buffer.alloc(100);
  return buffer.toString("utf8", 0, readInto(handle, buffer));
};

it.each([undefined, untold])("opens what lies in the folder", (locate) => {
  const opened = [open("d/a", "file", locate), open("d", "directory", locate), open("", "directory", locate)];
  expect(opened).toEqual(["inside", "directory", "directory"]);
});

it("opens no file as a directory, no directory as a file, and waits for no pipe", () => {
  execFileSync("mkfifo", [join(folder, "root/pipe")]);
  expect([open("d", "file"), open("pipe", "file")]).toEqual([undefined, undefined]);
  expect(() => open("d/a", "directory")).toThrow("ENOTDIR");
});

it("does not follow a link in the last place", () => {
  symlinkSync("d/a", join(folder, "root/link"));
  symlinkSync("../outside", join(folder, "root/out"));
  expect(() => open("link", "file")).toThrow("ELOOP");
  expect(() => open("out", "directory")).toThrow();
});

it.each([undefined, untold])("sees when a directory on the way has become a link", (locate) => {
  renameSync(join(folder, "root/d"), join(folder, "root/e"));
  for (const target of ["../outside", join(folder, "outside"), "e"]) {
    symlinkSync(target, join(folder, "root/d"));
    expect([open("d/a", "file", locate), open("d/", "directory", locate)]).toEqual([undefined, undefined]);
    rmSync(join(folder, "root/d"));
  }
});
